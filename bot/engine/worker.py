"""A worker: takes work from the queues until it is told to stop."""

import faulthandler
import json
import logging
import os
import random
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, ScheduleInput
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.engine import names
from bot.engine.courtesy import SWITCH_S, give_way
from bot.engine.database import database_url, is_sqlite, prepare, secret_url
from bot.engine.gathering import Gathering
from bot.engine.glance import glance_first
from bot.engine.ledger_claim import owns_ledger
from bot.engine.passing import in_passing
from bot.engine.patience import Patience
from bot.engine.reaper import Reaper
from bot.engine.seat import Seat, host_name, take_seat
from bot.engine.signals import stop_signal
from bot.engine.station import Station
from bot.engine.story import Story
from bot.engine.talk import Talk
from bot.engine.upkeep import AT_START
from bot.engine.worker_words import Words
from bot.engine.workflows import define_workflows, register_queues
from bot.logs import logger, set_up_logs
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.engine.ledger_owner import LedgerOwner

log = logger(__name__)

GRACE_S = 30.0
"""What is left after the drain, such as a thread of the engine or a database that is silent, has so long to end."""
LAST_S = 5.0
"""And so long to end where it was made to."""
IDLE_FOR_S = 0.5
"""A worker that stops is done once nothing has been under way for this long."""


def run_worker(settings: Settings, parts: Callable[[], tuple[Story, Talk]], patience: Patience | None = None) -> int:
    """Works until SIGTERM or SIGINT, lets what is under way finish within engine.drain_s, and gives exit code 0.

    When it is ready it prints one line of JSON: `{"ready": "worker", "executor": NAME}`. Call it in the main thread,
    once in a process. Raises EngineUnavailable, SettingsError, or SeatTaken where another worker has this name.
    If work is still under way after the drain, it ends the process itself; the work resumes at its last step.
    """
    set_up_logs(settings.log)
    give_way()
    sys.setswitchinterval(SWITCH_S)
    await_stop = stop_signal()
    in_passing(lambda: prepare(settings))  # what the migrations load is not needed again
    seat = take_seat(settings, host_name())
    owner = _ledger_owner(settings, seat.executor_id)
    station = Station(*parts(), settings, patience or Patience(), random.Random())  # noqa: S311 — jitter
    words = Words(metrics.breakers, metrics.limits)
    reaper = Reaper(seat, settings.engine.reap_after_s, _end_at_once, words.said)
    _launch(station, seat)
    seat.beat(words.said())
    reaper.start()
    if owner:
        owner.start()
    print(json.dumps({"ready": "worker", "executor": seat.executor_id}), flush=True)
    await_stop()
    end_within(settings.engine.drain_s + GRACE_S)
    is_drained = _drain(station, settings.engine.drain_s)
    reaper.stop()
    if owner:
        owner.stop()
    try:
        seat.leave()
    except SQLAlchemyError as failed:
        log.warning("the seat could not be given up; it is free after engine.reap_after_s", reason=str(failed))
    if not is_drained:
        log.warning("stopping with work under way; it resumes at its last step")
        _end(0)
    return 0


def _launch(station: Station, seat: Seat) -> None:
    url = secret_url(database_url(station.settings))
    serializer = DBOSPortableJSONSerializer()
    engine = DBOS(
        config=DBOSConfig(
            name=names.APPLICATION,
            system_database_url=url,
            application_version=names.APPLICATION_VERSION,
            executor_id=seat.executor_id,
            serializer=serializer,
            log_level="WARNING",
            scheduler_polling_interval_sec=5.0,
        )
    )
    library_log = logging.getLogger("dbos")
    library_log.handlers, library_log.propagate = [], True  # its lines belong in the house's log
    schedules = define_workflows(station)
    # Before the launch, so that it listens to every queue from its first second.
    client = DBOSClient(system_database_url=url, application_name=names.APPLICATION, serializer=serializer)
    try:
        register_queues(client, station.settings)
    finally:
        client.destroy()
    DBOS.listen_queues(list(names.QUEUES))
    DBOS.launch()
    glance_first(engine, _gatherings(station, seat, engine))
    _schedule(schedules)


def _gatherings(station: Station, seat: Seat, engine: DBOS) -> dict[str, Callable[[], bool]]:
    """By queue: what is done together before the engine looks."""
    url = database_url(station.settings)
    if not is_sqlite(url):
        return {}
    is_latest = partial(engine._sys_db._is_latest_version, names.APPLICATION_VERSION)
    return {names.INTAKE: Gathering(station, seat.executor_id, str(url.database), is_latest).take_in}


def _schedule(schedules: list[ScheduleInput]) -> None:
    """The rounds, and one at once: deliveries may have been missed, and a Monday, while nobody was there."""
    DBOS.apply_schedules(schedules)
    left = {one["schedule_name"] for one in DBOS.list_schedules(schedule_name_prefix=f"{names.WEEKLY}-")}
    for name in left - {one["schedule_name"] for one in schedules}:
        DBOS.delete_schedule(name)  # of a clock that is no longer set
    for workflow in (names.RECONCILE, names.WEEKLY):
        DBOS.enqueue_workflow_with_options(
            {
                "workflow_name": workflow,
                "queue_name": names.MAINTENANCE,
                "workflow_id": f"{workflow}:start-{uuid.uuid4()}",
                "deduplication_id": f"{workflow}-at-start",
                "duplication_policy": "return-existing",
            },
            datetime.now(UTC).isoformat(),
            AT_START,
        )


def _ledger_owner(settings: Settings, executor_id: str) -> "LedgerOwner | None":
    """None where nobody could ask this host. Loaded only then: what `serve` shares with the web server stays light."""
    if not owns_ledger(settings):
        return None
    from bot.engine.ledger_owner import LedgerOwner

    return LedgerOwner(settings, executor_id)


def _drain(station: Station, limit_s: float) -> bool:
    """Takes no more work and waits for what is under way. False if some of it has not ended in time."""
    deadline = time.monotonic() + limit_s
    closing = threading.Thread(
        target=lambda: DBOS.destroy(workflow_completion_timeout_sec=max(1, round(limit_s))), daemon=True
    )
    closing.start()
    idle_since: float | None = None
    while closing.is_alive() and time.monotonic() < deadline:
        closing.join(timeout=0.05)
        if not station.activity.is_idle:
            idle_since = None
        elif idle_since is None:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since >= IDLE_FOR_S and station.activity.is_waiting:
            return False  # what is left waits for work that will be done after the restart
    return not closing.is_alive()


def end_within(limit_s: float) -> None:
    """Ends the process with exit code 0 where it has not ended by itself: who asked for a stop gets one.

    Where even that hangs, as it would on a lock of the logs, what runs without the interpreter ends it soon after, with
    exit code 1 and the stack of each thread on standard error.
    """

    def end() -> None:
        log.warning("the worker did not end by itself after its drain, and is ended; its work resumes at its last step")
        _end(0)

    faulthandler.dump_traceback_later(limit_s + LAST_S, exit=True, file=sys.__stderr__ or 2)
    timer = threading.Timer(limit_s, end)
    timer.daemon = True
    timer.start()


def _end_at_once(reason: str) -> None:
    log.critical(f"{reason} This worker stops.")
    _end(1)


def _end(code: int) -> None:
    """Without waiting for threads: what they do is durable, and somebody else may do it already."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
