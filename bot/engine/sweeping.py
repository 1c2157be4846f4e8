"""The workflow `sweep`: what nobody announces is looked for from time to time: reactions, that a week is over, and
findings that turned out right."""

import logging
from datetime import datetime
from typing import Any

from dbos import DBOS

from bot.domain import PullRequest
from bot.engine import names
from bot.engine.drafts import announce_drafts
from bot.engine.enqueueing import enqueue_errand
from bot.engine.station import Station
from bot.engine.steps import durable_step, reason_of
from bot.engine.weeks import announce_weeks

log = logging.getLogger(__name__)

SWEEP = "sweep"


def define_sweeping(station: Station) -> Any:
    """Registers the workflow under its frozen name and gives it, for its schedule."""

    @DBOS.workflow(name=names.SWEEP)
    def sweep(at: datetime, _context: Any) -> None:
        with station.activity.working():
            _look_for_answers(station, at)
            announce_weeks(station, at)
            announce_drafts(station, at)

    return sweep


def _look_for_answers(station: Station, at: datetime) -> None:
    try:
        found = durable_step("to sweep", lambda: [each.to_json() for each in station.talk.to_sweep()])
    except Exception as failure:  # noqa: BLE001 — the next round looks again
        log.warning("reactions could not be looked for: %s", reason_of(failure))
        return
    for values in found:
        pull_request = PullRequest.from_json(values)
        enqueue_errand(SWEEP, f"{pull_request.key}:{at.isoformat()}", {"pull_request": values})


def sweep_one(station: Station, _cause: str, values: dict[str, Any]) -> None:
    """The errand that looks at one pull request's threads."""
    durable_step("sweep", station.talk.sweep, PullRequest.from_json(values["pull_request"]))
