"""Rules that are drafted by themselves, of findings that turned out right: an errand for each, begun once a day at
most, however many workers look at the same moment."""

import logging
from datetime import datetime
from typing import Any

from bot.engine.enqueueing import DRAFT, enqueue_errand
from bot.engine.station import Station
from bot.engine.steps import durable_step, reason_of

log = logging.getLogger(__name__)


def announce_drafts(station: Station, at: datetime) -> None:
    """Begins an errand for each draft that is due."""
    try:
        due = durable_step("drafts due", station.talk.drafts_due, at.isoformat())
    except Exception as failure:  # noqa: BLE001 — the next round looks again
        log.warning("what is to be drafted is not known: %s", reason_of(failure))
        return
    for name, errand in due.items():
        enqueue_errand(DRAFT, name, errand)


def draft_rule(station: Station, cause: str, errand: dict[str, Any]) -> None:
    """The errand that drafts one; the log tells what came of it, the ledger keeps it."""
    came_of_it = durable_step("draft a rule", station.talk.draft_rule, errand)
    log.info("rule draft for %s: %s", cause, came_of_it)
