"""A worker's seat: its name in the engine, which no second live process may take, and its sign of life."""

import fcntl
import logging
import re
import socket
import time
from pathlib import Path
from typing import IO, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.engine import worker_words
from bot.engine.database import database_url, first_line, is_sqlite, open_engine, shown
from bot.errors import EngineUnavailable, SeatTaken
from bot.settings import Settings

log = logging.getLogger(__name__)

WAIT_S = 5.0
_TABLE = "CREATE TABLE IF NOT EXISTS seawall_executors (id VARCHAR(128) PRIMARY KEY, seen DOUBLE PRECISION)"
_BEAT = "INSERT INTO seawall_executors (id, seen) VALUES (:id, {now}) ON CONFLICT (id) DO UPDATE SET seen = {now}"
_ALIVE = "SELECT id FROM seawall_executors WHERE seen > {now} - :silence"


class Seat(Protocol):
    """Raises SeatTaken, or EngineUnavailable where the database does not answer."""

    executor_id: str

    def beat(self, said: str = "") -> None:
        """Says that this worker lives, and what else it `said`; makes sure that the seat is still its own."""

    def alive(self, silence_s: float) -> set[str]:
        """The workers that gave a sign of life within so many seconds."""

    def leave(self) -> None:
        """Gives up name and sign of life. What is still under way may then be taken over at once."""


def host_name() -> str:
    """This host, as it may stand in a worker's name."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", socket.gethostname())[:80] or "host"


def take_seat(settings: Settings, host: str) -> Seat:
    """Takes the seat `<host>-<slot>`. The database must have been prepared."""
    executor_id = f"{host}-{settings.engine.slot}"
    url = database_url(settings)
    try:
        seat: Seat = SqliteSeat(url, executor_id) if is_sqlite(url) else PostgresSeat(url, executor_id)
        seat.beat()
    except SQLAlchemyError as failed:
        raise EngineUnavailable(
            f"The engine's database {shown(url)} does not answer: {first_line(failed)}. "
            "Check that it runs, is not locked and has space."
        ) from failed
    return seat


def _taken(executor_id: str) -> SeatTaken:
    return SeatTaken(
        f"Another worker runs as {executor_id} already. "
        "Give this one its own engine.slot, such as SEAWALL_ENGINE__SLOT=2."
    )


class SqliteSeat:
    """One host: the lock is a locked file, which dies with the process; the clock is the host's."""

    def __init__(self, url: sa.URL, executor_id: str) -> None:
        self.executor_id = executor_id
        self._lock = _lock_file(Path(f"{url.database}.{executor_id}.lock"), executor_id)
        self._engine = open_engine(url, pool_size=1, wait_s=WAIT_S)
        with self._engine.begin() as connection:
            connection.execute(sa.text(_TABLE))
            connection.execute(sa.text(worker_words.TABLE))

    def beat(self, said: str = "") -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.text(_BEAT.format(now=":now")), {"id": self.executor_id, "now": time.time()})
            if said:
                worker_words.say(connection, self.executor_id, said)

    def alive(self, silence_s: float) -> set[str]:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.text(_ALIVE.format(now=":now")), {"now": time.time(), "silence": silence_s})
            return {str(row[0]) for row in rows}

    def leave(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(_FORGET, {"id": self.executor_id})
            worker_words.take_back(connection, self.executor_id)
        self._engine.dispose()
        self._lock.close()


class PostgresSeat:
    """Many hosts: the lock is the session's and dies with the connection; the clock is the database's."""

    NOW = "extract(epoch from clock_timestamp())"
    # "If not exists" is no lock: of two that create a table at the same moment, one fails.
    CREATE = f"""DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('seawall executors', 0));
        {_TABLE};
        {worker_words.TABLE};
    END $$"""

    def __init__(self, url: sa.URL, executor_id: str) -> None:
        self.executor_id = executor_id
        self._engine = open_engine(url, pool_size=1, wait_s=WAIT_S).execution_options(isolation_level="AUTOCOMMIT")
        self._connection: sa.Connection | None = None
        self._sit().execute(sa.text(self.CREATE))

    def beat(self, said: str = "") -> None:
        self._sit().execute(sa.text(_BEAT.format(now=self.NOW)), {"id": self.executor_id})
        if said:
            worker_words.say(self._sit(), self.executor_id, said)

    def alive(self, silence_s: float) -> set[str]:
        rows = self._sit().execute(sa.text(_ALIVE.format(now=self.NOW)), {"silence": silence_s})
        return {str(row[0]) for row in rows}

    def leave(self) -> None:
        self._sit().execute(_FORGET, {"id": self.executor_id})
        worker_words.take_back(self._sit(), self.executor_id)
        self._sit().close()
        self._engine.dispose()

    def _sit(self) -> sa.Connection:
        """The connection that holds the lock; after a lost one, a new one that takes it again."""
        if self._connection is not None and not self._connection.invalidated and not self._connection.closed:
            return self._connection
        if self._connection is not None:
            self._connection.close()
        connection = self._engine.connect()
        lock = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
        if not connection.execute(lock, {"name": f"seawall worker {self.executor_id}"}).scalar():
            connection.close()
            raise _taken(self.executor_id)
        self._connection = connection
        return connection


_FORGET = sa.text("DELETE FROM seawall_executors WHERE id = :id")


def _lock_file(path: Path, executor_id: str) -> IO[str]:
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise _taken(executor_id) from None
    return lock
