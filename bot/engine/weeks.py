"""The workflow `weekly`: when an organisation's clock says so, and whenever a worker starts or sweeps, what is due is
told.

Each summary is an errand named after its week and destination: begun once, however many workers look at the same
moment, and one that is down holds up none of the others.
"""

import logging
import time
from datetime import datetime
from typing import Any

from dbos import DBOS

from bot.engine import names
from bot.engine.enqueueing import enqueue_errand
from bot.engine.station import Station
from bot.engine.steps import durable_step, reason_of
from bot.settings.groups import Weekly

log = logging.getLogger(__name__)

SUMMARY = "summary"


def define_weeks(station: Station) -> Any:
    """Registers the workflow under its frozen name and gives it, for its schedule."""

    @DBOS.workflow(name=names.WEEKLY)
    def weekly(at: datetime | str, _context: Any) -> None:
        with station.activity.working():
            announce_weeks(station, at)

    return weekly


def rounds(weekly: Weekly) -> dict[str, tuple[str, str]]:
    """By name: a schedule (seconds first) and its time zone, for each moment of the week at which somebody is told."""
    moments = dict.fromkeys(moment_of(weekly.of(name)) for name in ("", *(clock.of for clock in weekly.clocks)))
    return {names.WEEKLY if not at else f"{names.WEEKLY}-{at}": moment for at, moment in enumerate(moments)}


def moment_of(weekly: Weekly) -> tuple[str, str]:
    at = time.strptime(weekly.at, "%H:%M")
    return f"0 {at.tm_min} {at.tm_hour} * * {weekly.day}", weekly.zone


def announce_weeks(station: Station, at: datetime | str) -> None:
    """Begins an errand for each summary that is due."""
    try:
        due = durable_step("summaries due", station.talk.summaries_due, at if isinstance(at, str) else at.isoformat())
    except Exception as failure:  # noqa: BLE001 — the next round looks again
        log.warning("who wants a weekly summary is not known: %s", reason_of(failure))
        return
    for name, errand in due.items():
        enqueue_errand(SUMMARY, name, errand)


def tell_summary(station: Station, _cause: str, errand: dict[str, Any]) -> None:
    """The errand that tells one destination of its week, in steps of its own."""
    station.talk.tell_summary(errand, durable_step)
