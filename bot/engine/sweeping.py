"""The workflow `sweep`: what nobody announces is looked for from time to time: reactions, and that a week is over."""

import logging
from datetime import datetime
from typing import Any

from dbos import DBOS

from bot.domain import PullRequest
from bot.engine import names
from bot.engine.enqueueing import enqueue_errand
from bot.engine.station import Station
from bot.engine.steps import durable_step, reason_of

log = logging.getLogger(__name__)

SWEEP = "sweep"
SUMMARY = "summary"


def define_sweeping(station: Station) -> Any:
    """Registers the workflow under its frozen name and gives it, for its schedule."""

    @DBOS.workflow(name=names.SWEEP)
    def sweep(at: datetime, _context: Any) -> None:
        with station.activity.working():
            try:
                found = durable_step("to sweep", lambda: [each.to_json() for each in station.talk.to_sweep()])
            except Exception as failure:  # noqa: BLE001 — the next round looks again
                log.warning("reactions could not be looked for: %s", reason_of(failure))
                return
            for values in found:
                pull_request = PullRequest.from_json(values)
                enqueue_errand(SWEEP, f"{pull_request.key}:{at.isoformat()}", {"pull_request": values})
            _announce_weeks(station, at)

    return sweep


def _announce_weeks(station: Station, at: datetime) -> None:
    """Each summary is an errand named after its week and channel: told once, late where nobody was there in time."""
    try:
        due = durable_step("summaries due", station.talk.summaries_due, at.isoformat())
    except Exception as failure:  # noqa: BLE001 — the next round looks again
        log.warning("who wants a weekly summary is not known: %s", reason_of(failure))
        return
    for name, listener in due.items():
        enqueue_errand(SUMMARY, name, {"listener": listener})


def tell_summary(station: Station, _cause: str, values: dict[str, Any]) -> None:
    """The errand that tells one channel of its week."""
    durable_step("summary", station.talk.tell_summary, values["listener"])


def sweep_one(station: Station, _cause: str, values: dict[str, Any]) -> None:
    """The errand that looks at one pull request's threads."""
    durable_step("sweep", station.talk.sweep, PullRequest.from_json(values["pull_request"]))
