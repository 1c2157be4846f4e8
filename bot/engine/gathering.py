"""Deliveries that are only to be remembered are taken in together: one look at them, one transaction of the ledger.

As a workflow of its own each of them costs the engine half a dozen transactions, and a second of them keeps a worker
busy for half a minute. Here a poller of the intake claims as many as wait, in the engine's own way, writes them down,
and marks them done. Killed in between, they are claimed by a worker that is dead: the engine resumes each as the
workflow that it is, and what is written twice changes nothing. What calls for more than a memory, what was begun before
and what waits behind either of them is left to the engine; so is everything on Postgres, where more workers help.

The rows are the engine's, and not public; the minor version is pinned, and contract tests compare what stands in them.
"""

import json
import logging
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from bot.domain import Delivery, PullRequestNoted, ReplyNoted, TimelineNoted
from bot.engine import names
from bot.engine.intake import calls_for, remember
from bot.engine.station import Station
from bot.errors import LedgerError, SeawallError

log = logging.getLogger(__name__)

MOST_AT_ONCE = 32
MOST_LOOKED_AT = 8 * MOST_AT_ONCE
MOST_KNOWN = 10_000
REST_S = 60.0
"""So long all is left to the engine once the ledger could not write: others in line are not to wait for it here."""
_WAIT_S = 5.0
"""For the file's lock; who waits longer leaves the work to the engine, which has more patience."""
_NOW = "strftime('%s', 'now') * 1000"
_BUSY_LANES = f"""SELECT queue_partition_key FROM workflow_status
    WHERE queue_name = '{names.INTAKE}' AND status = 'PENDING'"""  # noqa: S608 — our own names, here and below
_IN_LINE = f"""SELECT workflow_uuid, queue_partition_key, recovery_attempts = 0 AND application_version IS NULL
    FROM workflow_status WHERE queue_name = '{names.INTAKE}' AND status = 'ENQUEUED'
    ORDER BY priority, created_at, workflow_uuid LIMIT {MOST_LOOKED_AT}"""  # noqa: S608
_INPUT = "SELECT inputs FROM workflow_input WHERE workflow_uuid = ?"
_CLAIM = f"""UPDATE workflow_status
    SET status = 'PENDING', owner_xid = :token, executor_id = :executor, application_name = '{names.APPLICATION}',
        application_version = '{names.APPLICATION_VERSION}', started_at_epoch_ms = {_NOW}, updated_at = {_NOW},
        recovery_attempts = recovery_attempts + 1, rate_limited = FALSE
    WHERE workflow_uuid IN (SELECT value FROM json_each(:ids)) AND status = 'ENQUEUED' AND NOT EXISTS (
        SELECT 1 FROM workflow_status AS before
        WHERE before.queue_name = '{names.INTAKE}' AND before.queue_partition_key = workflow_status.queue_partition_key
        AND (before.status = 'PENDING' AND before.owner_xid IS NOT :token OR before.status = 'ENQUEUED'
            AND (before.priority, before.created_at, before.workflow_uuid)
                < (workflow_status.priority, workflow_status.created_at, workflow_status.workflow_uuid)
            AND before.workflow_uuid NOT IN (SELECT value FROM json_each(:ids)))
    ) RETURNING workflow_uuid"""  # noqa: S608
_DONE = f"""UPDATE workflow_status
    SET status = 'SUCCESS', owner_xid = NULL, deduplication_id = NULL, updated_at = {_NOW}, completed_at = {_NOW}
    WHERE workflow_uuid = ? AND status = 'PENDING' AND owner_xid = ?"""  # noqa: S608
_OUTCOME = """INSERT INTO workflow_output (workflow_uuid, output) VALUES (?, ?)
    ON CONFLICT (workflow_uuid) DO UPDATE SET output = excluded.output"""
_GIVE_BACK = f"""UPDATE workflow_status
    SET status = 'ENQUEUED', owner_xid = NULL, started_at_epoch_ms = NULL, updated_at = {_NOW}
    WHERE workflow_uuid IN (SELECT value FROM json_each(?)) AND status = 'PENDING' AND owner_xid = ?"""  # noqa: S608


class Waiting(NamedTuple):
    work_id: str
    delivery: Delivery


class Gathering:
    """Of one worker, on SQLite. Only its intake's poller calls it."""

    def __init__(
        self,
        station: Station,
        executor_id: str,
        path: str,
        is_latest: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_latest`: whether this version of the application is the one that takes new work."""
        self._station = station
        self._is_latest = is_latest
        self._clock = clock
        self._rests_until = clock()
        self._executor_id = executor_id
        self._connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._for_the_engine: set[str] = set()
        self._owed: tuple[str, str] | None = None
        """Ids and token of work that could not be given back yet."""

    def take_in(self) -> bool:
        """Takes in what may be taken in together. True where there is, or may be, something left for the engine."""
        try:
            with self._station.activity.working():
                self._give_back()
                if self._clock() < self._rests_until:
                    return True
                waiting, is_left = self._waiting()
                if waiting and not self._is_latest():
                    return True
                if waiting:
                    self._take(waiting)
                return is_left
        except (sqlite3.Error, SQLAlchemyError, SeawallError) as busy:
            log.warning("deliveries are taken in one by one: %s", busy)
            return True

    def _waiting(self) -> tuple[list[Waiting], bool]:
        """In line, those that may be taken, and whether there are others."""
        lanes_in_use = {lane for (lane,) in self._connection.execute(_BUSY_LANES).fetchall()}
        in_line = self._connection.execute(_IN_LINE).fetchall()
        found: list[Waiting] = []
        is_left = len(in_line) == MOST_LOOKED_AT
        for work_id, lane, is_fresh in in_line:
            if len(found) == MOST_AT_ONCE:
                return found, True
            delivery = self._read(work_id) if is_fresh and lane not in lanes_in_use else None
            if delivery is None:
                lanes_in_use.add(lane)  # its pull request's later ones wait behind it
                is_left = True
            else:
                found.append(Waiting(work_id, delivery))
        return found, is_left

    def _read(self, work_id: str) -> Delivery | None:
        """None where it is for the engine."""
        if work_id in self._for_the_engine:
            return None
        try:
            (text,) = self._connection.execute(_INPUT, [work_id]).fetchone()
            delivery = Delivery.from_json(json.loads(text)["positionalArgs"][0])
            if self._is_only_remembered(delivery):
                return delivery
        except (ValueError, KeyError, TypeError, IndexError, ValidationError):
            log.debug("%s is in no form known here", work_id)
        except SeawallError as unread:
            log.warning("whether %s is only to be remembered cannot be told: %s", work_id, unread)
        if len(self._for_the_engine) >= MOST_KNOWN:
            self._for_the_engine.clear()
        self._for_the_engine.add(work_id)
        return None

    def _is_only_remembered(self, delivery: Delivery) -> bool:
        return all(
            isinstance(job, TimelineNoted | ReplyNoted)
            or (isinstance(job, PullRequestNoted) and not any(calls_for(self._station, job).values()))
            for job in delivery.jobs
        )

    def _take(self, waiting: Sequence[Waiting]) -> None:
        token = str(uuid.uuid4())
        ids = json.dumps([each.work_id for each in waiting])
        self._owed = (ids, token)  # until they are done
        claimed = self._claim(ids, token)
        try:
            with self._station.story.together():
                for each in waiting:
                    if each.work_id in claimed:
                        remember(self._station, each.delivery)
            self._finish((each for each in waiting if each.work_id in claimed), token)
            self._owed = None
        except (sqlite3.Error, SQLAlchemyError):
            raise
        except LedgerError as unwritten:
            log.warning("for %.0f s deliveries are taken in one by one: %s", REST_S, unwritten)
            self._rests_until = self._clock() + REST_S
            self._give_back()
        except Exception as failure:  # noqa: BLE001 — one by one the engine tries again, and tells which it is
            log.warning("deliveries could not be taken in together: %s", failure)
            self._give_back()

    def _claim(self, ids: str, token: str) -> set[str]:
        values = {"ids": ids, "token": token, "executor": self._executor_id}
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            return {work_id for (work_id,) in self._connection.execute(_CLAIM, values).fetchall()}

    def _finish(self, done: Iterable[Waiting], token: str) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for work_id, delivery in done:
                if self._connection.execute(_DONE, [work_id, token]).rowcount:
                    self._connection.execute(_OUTCOME, [work_id, str(len(delivery.jobs))])

    def _give_back(self) -> None:
        """What could not be finished is the engine's: it counts as begun, and so is not taken here again."""
        if self._owed:
            with self._connection:
                self._connection.execute(_GIVE_BACK, self._owed)
            self._owed = None
