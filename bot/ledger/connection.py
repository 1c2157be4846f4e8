"""One connection for each process, its lock, and what SQLite's errors mean to a reader."""

import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from bot.errors import LedgerError
from bot.ledger.migrations import migrate

BUSY_TIMEOUT_S = 15.0
_KEEP_OPEN: list[Database] = []
"""Connections inherited through a fork. SQLite forbids even closing them there, so they are kept and never used."""


class Connection:
    """Opens the file on first use, anew after a fork, and lets one thread at a time in."""

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._busy_timeout_s = busy_timeout_s
        self._database: Database | None = None
        self._lock = threading.RLock()
        myself = weakref.WeakMethod(self._start_anew)
        os.register_at_fork(after_in_child=lambda: (method := myself()) and method())

    @contextlib.contextmanager
    def reading(self) -> Iterator[Database]:
        """The database, for queries. Raises LedgerError."""
        with self._turn() as database:
            yield database

    @contextlib.contextmanager
    def writing(self) -> Iterator[Database]:
        """The database inside one transaction: all of the block or nothing. Raises LedgerError.

        Within another such block it belongs to that one's transaction.
        """
        with self._turn() as database:
            if database.conn.in_transaction:
                yield database
                return
            # IMMEDIATE: a transaction that reads first and then writes would fail at once when another process wrote
            # in between, without waiting for its turn.
            database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.conn.execute("COMMIT")
            except BaseException:
                if database.conn.in_transaction:
                    database.conn.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None

    def _start_anew(self) -> None:
        """In the child of a fork: neither the parent's connection nor a lock one of its threads may have held."""
        if self._database is not None:
            _KEEP_OPEN.append(self._database)
        self._database = None
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[Database]:
        if not self._lock.acquire(timeout=2 * self._busy_timeout_s):
            raise LedgerError(f"The ledger {self.path} is busy in this process; try again.")
        try:
            if self._database is None:
                self._database = _open(self.path, self._busy_timeout_s)
            yield self._database
        except sqlite3.Error as fault:
            raise LedgerError(_explain(fault, self.path)) from fault
        except OSError as fault:
            raise LedgerError(
                f"The ledger {self.path} cannot be opened: {fault}. Check data_dir and its owner."
            ) from fault
        finally:
            self._lock.release()


def _open(path: Path, busy_timeout_s: float) -> Database:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=busy_timeout_s, check_same_thread=False)
    try:
        path.chmod(0o600)
        database = Database(connection, execute_plugins=False)
        _use_wal(connection, busy_timeout_s)
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        migrate(database, path)
    except BaseException:
        connection.close()
        raise
    return database


def _use_wal(connection: sqlite3.Connection, busy_timeout_s: float) -> None:
    """Switching to WAL needs the file alone and does not wait for it by itself; the mode then stays in the file."""
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as fault:
            if _code(fault) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _code(fault: sqlite3.Error) -> int:
    """The primary result code of SQLite; 0 where the fault carries none."""
    return getattr(fault, "sqlite_errorcode", 0) & 0xFF


_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some space; what was not written is written again by the next try",
    sqlite3.SQLITE_BUSY: "another process holds it. Look for an open shell or a backup under way, then try again",
    sqlite3.SQLITE_LOCKED: "another connection holds it. Try again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged. Stop Seawall, run `sqlite3 FILE .recover`, or put back a backup",
    sqlite3.SQLITE_NOTADB: "this is no SQLite file. Move it away, and Seawall makes a new one",
    sqlite3.SQLITE_READONLY: "the file is read-only. Check its owner and the mount",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened. Check that data_dir exists and belongs to this user",
    sqlite3.SQLITE_IOERR: "the disk answers with an error. Check the disk and the space on it",
}


def _explain(fault: sqlite3.Error, path: Path) -> str:
    advice = _ADVICE.get(_code(fault), "SQLite refuses")
    return f"The ledger {path} cannot be used: {advice} ({fault})."
