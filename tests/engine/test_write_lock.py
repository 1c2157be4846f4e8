"""A delivery gets SQLite's write lock as soon as it is free, and gives up in time where it never is."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.engine.client import take_write_lock
from bot.engine.database import open_engine
from tests.engine.conftest import PATIENCE_S


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "engine.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE rows (id INTEGER)")
    connection.close()
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[sa.Engine]:
    engine = open_engine(sa.make_url(f"sqlite:///{database}"), pool_size=1, wait_s=2.0)
    yield engine
    engine.dispose()


@pytest.fixture
def holder(database: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who has the lock."""
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_the_lock_is_taken_soon_after_it_is_free(engine: sa.Engine, holder: sqlite3.Connection) -> None:
    freed_at: list[float] = []

    def free() -> None:
        time.sleep(0.6)
        freed_at.append(time.monotonic())
        holder.execute("COMMIT")

    frees = threading.Thread(target=free)
    frees.start()
    with engine.begin() as connection:
        take_write_lock(connection, wait_s=PATIENCE_S)
        taken_at = time.monotonic()
        connection.execute(sa.text("INSERT INTO rows VALUES (1)"))
    frees.join()
    assert 0 <= taken_at - freed_at[0] < PATIENCE_S / 3, "not only when its patience ended"
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM rows")).scalar() == 1


def test_a_lock_that_is_never_free_is_given_up_in_time(engine: sa.Engine, holder: sqlite3.Connection) -> None:
    began = time.monotonic()
    with pytest.raises(sa.exc.OperationalError, match="locked"), engine.begin() as connection:
        take_write_lock(connection, wait_s=0.3)
    assert 0.3 <= time.monotonic() - began < 10
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 300
