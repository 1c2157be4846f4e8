"""Where the engine keeps its work: one SQLite file, or a Postgres named by URL."""

import fcntl
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.errors import EngineUnavailable, SettingsError
from bot.settings import Settings

CONNECT_TIMEOUT_S = 3
PREPARE_TIMEOUT_S = 30.0


def database_url(settings: Settings) -> sa.URL:
    """The engine's database. Raises SettingsError for anything but SQLite in a file and Postgres."""
    try:
        url = sa.make_url(settings.engine_url)
    except ArgumentError as malformed:
        raise SettingsError("engine.url is no database URL. Write postgresql://user@host/name.") from malformed
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url
    if url.get_backend_name() == "postgresql" and url.database:
        url = url.set(drivername="postgresql")  # the engine adds the driver itself
        return url.update_query_dict({"connect_timeout": f"{CONNECT_TIMEOUT_S}"} | dict(url.query))
    raise SettingsError(
        f"engine.url names {url.render_as_string(hide_password=True)}, which cannot hold the engine. "
        "Leave it empty for SQLite, or write postgresql://user@host/name."
    )


def shown(url: sa.URL) -> str:
    """For messages: without the password and the query."""
    return url.set(query={}).render_as_string(hide_password=True)


def is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def secret_url(url: sa.URL) -> str:
    """For the libraries that connect: with the password."""
    return url.render_as_string(hide_password=False)


def open_engine(url: sa.URL, pool_size: int, wait_s: float) -> sa.Engine:
    """Connections of our own, on which nothing waits longer than about twice `wait_s`: once for a free connection,
    once for a lock."""
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": wait_s, "pool_pre_ping": True}
    if is_sqlite(url):
        engine = sa.create_engine(url, connect_args={"timeout": wait_s, "isolation_level": "IMMEDIATE"}, **pool)
        sa.event.listen(engine, "connect", _obey_foreign_keys)
        return engine
    limit_ms = int(wait_s * 1000)
    options = f"-c statement_timeout={limit_ms} -c idle_in_transaction_session_timeout=60000"
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "tcp_user_timeout": limit_ms, "application_name": "seawall"},
        **pool,
    )


def _obey_foreign_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")


def prepare(settings: Settings) -> None:
    """Makes the database ready: folder, journal mode, tables. Any number of processes may do it at once, any time.

    Raises EngineUnavailable when the database cannot be reached or written.
    """
    logging.getLogger("dbos").setLevel(logging.WARNING)
    url = database_url(settings)
    try:
        _create_data_dir(settings.data_dir)
        if is_sqlite(url):
            path = Path(str(url.database))
            with _alone(path.with_name(f"{path.name}.prepare.lock")):
                _use_wal(path)
                DBOS.migrate(secret_url(url))
        else:
            DBOS.migrate(secret_url(url))
    except (OSError, sqlite3.Error, SQLAlchemyError) as failed:
        raise EngineUnavailable(
            f"The engine's database {shown(url)} cannot be prepared: {first_line(failed)}. "
            "Check engine.url, or that data_dir is writable and has space."
        ) from failed


def _create_data_dir(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _use_wal(path: Path) -> None:
    """The mode stays in the file. With it, readers never block the writer, and the tail of an enqueue is a fifth."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=PREPARE_TIMEOUT_S)
    try:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    finally:
        connection.close()
    path.chmod(0o600)
    if mode != "wal":
        raise OSError(f"{path} refuses write-ahead logging (is it on a network drive?)")


@contextmanager
def _alone(lock_path: Path) -> Iterator[None]:
    """One process at a time; the others wait their turn, up to a limit."""
    lock_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    deadline = time.monotonic() + PREPARE_TIMEOUT_S
    with lock_path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield


def first_line(failed: BaseException) -> str:
    """What the driver says, without the statement and the addresses that SQLAlchemy adds."""
    lines = str(getattr(failed, "orig", None) or failed).strip().splitlines()
    return lines[0] if lines else type(failed).__name__
