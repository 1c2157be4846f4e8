"""The workflows `reconcile` and `retention`: what was missed is made good, what is old is dropped."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, ScheduleInput

from bot.domain import PullRequest
from bot.engine import names
from bot.engine.placing import place_review
from bot.engine.station import Station
from bot.engine.steps import durable_step, reason_of
from bot.engine.sweeping import define_sweeping
from bot.engine.weeks import define_weeks, rounds

log = logging.getLogger(__name__)

AT_START = "start"
NIGHTLY = "0 17 3 * * *"
BATCH = 500
TERMINAL = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


def define_upkeep(station: Station) -> list[ScheduleInput]:
    """Registers the workflows under their frozen names and gives their schedules."""

    @DBOS.workflow(name=names.RECONCILE)
    def reconcile(_at: datetime, why: Any) -> None:
        with station.activity.working():
            _reconcile(station, looks_again=why == AT_START)

    @DBOS.workflow(name=names.RETENTION)
    def retention(_at: datetime, _context: Any) -> None:
        with station.activity.working():
            cutoff = datetime.now(UTC) - timedelta(days=station.settings.engine.keep_days)
            durable_step("drop old work", lambda: drop_finished(cutoff))
            durable_step("tidy", station.story.tidy)

    sweep, weeks = define_sweeping(station), define_weeks(station)
    engine, weekly = station.settings.engine, station.settings.weekly
    return [
        ScheduleInput(
            schedule_name=name,
            workflow_fn=function,
            schedule=schedule,
            context=None,
            cron_timezone=zone,
            queue_name=names.MAINTENANCE,
        )
        for name, function, schedule, zone in (
            (names.RECONCILE, reconcile, cron(engine.reconcile_every_s), "UTC"),
            (names.SWEEP, sweep, cron(engine.sweep_every_s), "UTC"),
            (names.RETENTION, retention, NIGHTLY, "UTC"),
            *((name, weeks, when, zone) for name, (when, zone) in rounds(weekly).items()),
        )
    ]


def drop_finished(cutoff: datetime) -> int:
    """Deletes finished work that ended before the cutoff, and how much that was. A delivery dropped is forgotten:
    sent once more, it would be new."""
    dropped = 0
    while True:
        old = DBOS.list_workflows(
            status=TERMINAL,
            completed_before=cutoff.isoformat(),
            limit=BATCH,
            load_input=False,
            load_output=False,
        )
        if not old:
            return dropped
        DBOS.delete_workflows([status.workflow_id for status in old])
        dropped += len(old)


def cron(every_s: int) -> str:
    """A schedule (seconds first) that fires about every so many seconds: evenly, so rounded down to a divisor of the
    minute, the hour or the day."""
    for unit, count, form in ((1, 60, "*/{} * * * * *"), (60, 60, "0 */{} * * * *"), (3600, 24, "0 0 */{} * * *")):
        if every_s < unit * count:
            fitting = max(n for n in range(1, count) if count % n == 0 and n <= max(1, every_s // unit))
            return form.format(fitting)
    return "0 0 0 * * *"


def _reconcile(station: Station, looks_again: bool) -> None:
    try:
        missing = durable_step("missing", lambda: [each.to_json() for each in station.story.missing()])
    except Exception as failure:  # noqa: BLE001 — the next round looks again
        log.warning("open pull requests could not be compared with receipts: %s", reason_of(failure))
        return
    for values in missing:
        place_review(station, PullRequest.from_json(values), "reconciled", looks_again)
