"""The door to the engine for processes that only hand work in: the webhook server, the command line."""

import json
import sqlite3
import time
from collections.abc import Sequence

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer
from dbos import error as engine_errors
from sqlalchemy.exc import SQLAlchemyError

from bot.domain import (
    CommandGiven,
    Delivery,
    PullRequestNoted,
    Reply,
    ReplyNoted,
    ReviewWanted,
    ThreadNoted,
    TimelineNoted,
)
from bot.domain.workers import WorkerSeen
from bot.engine import ledger_queue, names, worker_words
from bot.engine.database import database_url, first_line, is_sqlite, open_engine, prepare, shown
from bot.engine.group_commit import GroupCommit
from bot.engine.imprint import Imprint, QueuedWork
from bot.engine.ledger_sign import silent_for_s
from bot.engine.turnstile import NoTurn, Turnstile
from bot.errors import EngineUnavailable
from bot.settings import Settings

__all__ = ["EngineClient", "prepare"]

WAIT_S = 2.0
"""For a free connection, and again for a lock: a delivery is answered well within GitHub's 10 seconds."""
HEARD_WITHIN_S = 86_400.0
"""Whoever has been silent for longer is told of no more."""
AHEAD_S = 600
"""So far before its time an opened pull request is put in line."""
ANSWER_POLL_S = 0.05
EAGER_MS = 3
"""How often a delivery asks for the write lock."""
NOT_KEPT = (SQLAlchemyError, sqlite3.Error, NoTurn)
"""What it is that keeps work from being kept; SQLite's own errors come from where it is asked straight away."""


class EngineClient:
    """Make it after forking, one for each process; its methods may be called from any thread. It connects at its first
    use, so it can be made while the database is away. Raises SettingsError where engine.url is none.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = database_url(settings)
        # On SQLite one connection: writers then queue fairly here instead of unfairly in the file's busy handler.
        connections = 1 if is_sqlite(self._url) else 8
        self._turnstile = Turnstile(connections, WAIT_S)
        self._group: GroupCommit[QueuedWork, bool] = GroupCommit(self._turnstile, self._keep, WAIT_S)
        self._engine = open_engine(self._url, pool_size=connections, wait_s=WAIT_S)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            application_name=names.APPLICATION,
            serializer=DBOSPortableJSONSerializer(),
            retry_connection_errors=False,
            lazy=True,
        )
        events = "workflow_events" if is_sqlite(self._url) else "dbos.workflow_events"
        self._answered = sa.text(
            f"SELECT 1 FROM {events} WHERE workflow_uuid = :work_id AND key = '{names.ANSWER}'"  # noqa: S608 — constants
        )
        self._imprints: dict[str, Imprint] = {}

    def submit(self, delivery: Delivery) -> bool:
        """Hands a delivery in; on return it is on disk. True where it is new, False where it was known already.

        Raises EngineUnavailable, after less than five seconds, when it could not be kept.
        """
        try:
            return self._group.keep(queued_work(delivery))
        except NOT_KEPT as failed:
            raise self._unavailable("cannot take a delivery", failed) from failed

    def _keep(self, works: Sequence[QueuedWork]) -> list[bool]:
        """All of them in one transaction. True for each that is new."""
        with self._engine.begin() as connection:
            if is_sqlite(self._url):
                take_write_lock(connection, WAIT_S)
            return [self._imprint(connection, work).write(connection, work) for work in works]

    def _imprint(self, connection: sa.Connection, work: QueuedWork) -> Imprint:
        if work.workflow not in self._imprints:
            self._imprints[work.workflow] = Imprint(self._client, connection, work.workflow, work.queue)
        return self._imprints[work.workflow]

    def command(self, given: CommandGiven) -> bool:
        """Hands a command in; as `submit`."""
        try:
            return self._group.keep(queued_command(given))
        except NOT_KEPT as failed:
            raise self._unavailable("cannot take a command", failed) from failed

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        """The reply, as soon as it is there. The engine is told that it was fetched, and delivers it nowhere else; None
        after `timeout_s`, and then it is delivered as any other. Raises EngineUnavailable.
        """
        work_id = names.command_id(command_id)
        ends = time.monotonic() + timeout_s
        try:
            while time.monotonic() < ends:
                with self._turnstile.turn(), self._engine.connect() as connection:
                    has_answer = connection.execute(self._answered, {"work_id": work_id}).first() is not None
                if has_answer:
                    reply = Reply.from_json(self._client.get_event(work_id, names.ANSWER, timeout_seconds=1))
                    self._client.send(work_id, True, topic=names.FETCHED, idempotency_key=work_id)
                    return reply
                time.sleep(ANSWER_POLL_S)
        except (SQLAlchemyError, NoTurn, engine_errors.DBOSException) as failed:
            raise self._unavailable("cannot tell the answer", failed) from failed
        return None

    def backlog(self) -> dict[str, int]:
        """Work that waits, by queue: every queue is named. Raises EngineUnavailable."""
        table = "workflow_status" if is_sqlite(self._url) else "dbos.workflow_status"
        waiting = sa.text(
            f"SELECT queue_name, count(*) FROM {table} "  # noqa: S608 — one of two constants
            "WHERE status IN ('ENQUEUED', 'DELAYED') AND queue_name IS NOT NULL GROUP BY queue_name"
        )
        try:
            with self._turnstile.turn(), self._engine.connect() as connection:
                counted = {str(queue): int(count) for queue, count in connection.execute(waiting)}
                if not is_sqlite(self._url):
                    counted[names.LEDGER] = ledger_queue.count(connection)
        except (SQLAlchemyError, NoTurn) as failed:
            raise self._unavailable("cannot count its work", failed) from failed
        return dict.fromkeys((*names.QUEUES, names.LEDGER), 0) | counted

    def alive(self) -> bool:
        """True if the database answers, within a few seconds."""
        try:
            with self._turnstile.turn(), self._engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
        except (SQLAlchemyError, NoTurn):
            return False
        return True

    def ledger_is_served(self, silence_s: float) -> bool:
        """True if a worker with the ledger's file gave a sign of life within so many seconds. Only on Postgres.

        Raises EngineUnavailable.
        """
        try:
            with self._turnstile.turn(), self._engine.connect() as connection:
                silent_s = silent_for_s(connection)
        except (SQLAlchemyError, NoTurn) as failed:
            raise self._unavailable("cannot tell who has the ledger", failed) from failed
        return silent_s is not None and silent_s <= silence_s

    def workers(self) -> list[WorkerSeen]:
        """Those heard of within a day, by name, with the circuit breakers they told of. Raises EngineUnavailable."""
        try:
            with self._turnstile.turn(), self._engine.connect() as connection:
                return worker_words.heard(connection, time.time(), HEARD_WITHIN_S)
        except (SQLAlchemyError, NoTurn) as failed:
            raise self._unavailable("cannot tell who works", failed) from failed

    def close(self) -> None:
        self._client.destroy()
        self._engine.dispose()

    def _unavailable(self, what: str, error: Exception) -> EngineUnavailable:
        return EngineUnavailable(
            f"The engine's database {shown(self._url)} {what}: {first_line(error)}. "
            "Check that it runs, is not locked and has space; the sender may deliver again."
        )


def queued_work(delivery: Delivery) -> QueuedWork:
    """As it waits to be taken in."""
    return QueuedWork(
        workflow=names.INTAKE,
        queue=names.INTAKE,
        work_id=names.delivery_id(delivery.guid),
        lane=intake_lane(delivery),
        place=place_in_line(delivery, time.time()),
        input_json=delivery.model_dump_json(by_alias=True),
    )


def queued_command(given: CommandGiven) -> QueuedWork:
    """As it waits to be carried out: one person's commands one after the other."""
    return QueuedWork(
        workflow=names.COMMAND,
        queue=names.CHAT,
        work_id=names.command_id(given.id),
        lane=given.person.key,
        place=int(time.time() * 1000) % 2**31 or 1,
        input_json=json.dumps({"given": given.to_json(), "tries": 1}),
    )


def take_write_lock(connection: sa.Connection, wait_s: float) -> None:
    """Asks for SQLite's write lock every few milliseconds. Left to itself SQLite asks ever more rarely, down to ten
    times a second, and others come in between: a sender would wait behind work that is in no hurry.

    Raises sqlalchemy.exc.OperationalError where the lock is not to be had in time.
    """
    ends = time.monotonic() + wait_s
    connection.exec_driver_sql(f"PRAGMA busy_timeout={EAGER_MS}")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except sa.exc.OperationalError as busy:
                if "locked" not in str(busy.orig) or time.monotonic() > ends:
                    raise
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(wait_s * 1000)}")


def place_in_line(delivery: Delivery, now_s: float) -> int:
    """Later deliveries get a higher number, by the millisecond, and wait behind the earlier ones of their lane. (The
    engine's own order knows only whole seconds on SQLite.) It starts over after 24 days, which disturbs one moment.

    One that opens a pull request goes before those of others that are only to be remembered; nothing of its own can
    have come before it.
    """
    opens = any(isinstance(job, ReviewWanted) and job.trigger == "opened" for job in delivery.jobs)
    return int((now_s - (AHEAD_S if opens else 0)) * 1000) % 2**31 or 1


def intake_lane(delivery: Delivery) -> str:
    """Deliveries of one pull request are taken in one after the other, in the order they came; others pass by. So
    are one person's commands: two hundred of them must not hold up a push.
    """
    for job in delivery.jobs:
        if isinstance(job, ReviewWanted | PullRequestNoted):
            return job.pull_request.key
        if isinstance(job, CommandGiven):
            return job.person.key
        if isinstance(job, ReplyNoted | ThreadNoted):
            return f"{job.repository.id}#{job.number}"
        if isinstance(job, TimelineNoted) and job.events:
            return f"{job.repository.id}#{job.events[0].number}"
    return delivery.guid
