"""Whether deliveries can be taken: the engine answers, the ledger's file can be written, the backlog is bounded.

Where another host has the file and is away, that is told and nothing more: deliveries wait for it in the engine's
database, and a web server that refused them would lose them.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot.domain.workers import limits_told
from bot.errors import EngineUnavailable
from bot.metrics import BACKLOG, watch_limits
from bot.settings import Settings
from webhooks.inbox import Inbox


def readiness(inbox: Inbox, settings: Settings) -> tuple[bool, dict[str, str]]:
    """True if everything is "ok", and what is the matter with each part."""
    parts = {
        "engine": _engine(inbox),
        "backlog": _backlog(inbox, settings.web.backlog_limit),
        "webhook_secret": "ok" if settings.github.webhook_secret.get_secret_value() else "not set",
    }
    if settings.ledger.access == "file":
        parts["ledger"] = _ledger(settings.ledger_path)
    is_ready = all(state == "ok" for state in parts.values())
    if settings.ledger.access == "queue":
        parts["ledger"] = _owner(inbox, settings.engine.reap_after_s)
    return is_ready, parts


def note_backlog(inbox: Inbox) -> Mapping[str, int]:
    """Jobs waiting, by queue; also told to Prometheus."""
    waiting = inbox.backlog()
    for queue, jobs in waiting.items():
        BACKLOG.labels(queue).set(jobs)
    return waiting


def note_limits(inbox: Inbox, now: Callable[[], datetime]) -> None:
    """What the workers told of GitHub's hourly limits, for Prometheus."""
    workers = inbox.workers()
    watch_limits(lambda: limits_told(workers, now()))


def _engine(inbox: Inbox) -> str:
    try:
        return "ok" if inbox.alive() else "does not answer"
    except EngineUnavailable as away:
        return f"does not answer: {away}"


def _backlog(inbox: Inbox, limit: int) -> str:
    try:
        waiting = sum(note_backlog(inbox).values())
    except EngineUnavailable:
        return "unknown: the engine does not answer"
    return "ok" if waiting <= limit else f"{waiting} jobs wait, the limit is {limit} (web.backlog_limit)"


def _owner(inbox: Inbox, silence_s: float) -> str:
    try:
        if inbox.ledger_is_served(silence_s):
            return "ok"
    except EngineUnavailable:
        return "unknown: the engine does not answer"
    return (
        f"its owner was not heard of for {silence_s:g} s: deliveries are kept, reviews wait. Start `seawall worker` on "
        "the host that has the ledger's file"
    )


def _ledger(path: Path) -> str:
    """The worker makes the file at its start; before that its folder must allow it."""
    place = path if path.exists() else path.parent
    if not place.exists():
        return f"{place} does not exist yet: start the worker"
    return "ok" if os.access(place, os.W_OK) else f"{place} cannot be written: check its owner and the mount"
