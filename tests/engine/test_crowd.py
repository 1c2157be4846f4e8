"""Who has been acknowledged may wait a moment; who has not goes before."""

import sqlite3
import time
from pathlib import Path

import pytest

from bot.engine.crowd import CROWD, LONGEST_S, Crowd

NOW_S = 1_800_000_000.5


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "engine.sqlite")
    connection.execute("CREATE TABLE workflow_status (queue_name TEXT, status TEXT, created_at INTEGER)")
    return connection


def come(
    connection: sqlite3.Connection, number: int, ago_s: int = 0, queue: str = "intake", at_s: float = NOW_S
) -> None:
    row = [queue, "ENQUEUED", (int(at_s) - ago_s) * 1000]  # the engine knows whole seconds
    connection.executemany("INSERT INTO workflow_status VALUES (?, ?, ?)", [row] * number)


@pytest.fixture
def crowd(connection: sqlite3.Connection) -> Crowd:
    return Crowd(connection, "intake", lambda: NOW_S)


def test_many_deliveries_of_this_second_and_the_last_are_a_crowd(connection: sqlite3.Connection, crowd: Crowd) -> None:
    come(connection, CROWD // 2)
    come(connection, CROWD - CROWD // 2 - 1, ago_s=1)
    assert not crowd.is_here()
    come(connection, 1, ago_s=1)
    assert crowd.is_here()


def test_what_came_before_or_waits_elsewhere_is_no_crowd(connection: sqlite3.Connection, crowd: Crowd) -> None:
    come(connection, 2 * CROWD, ago_s=2)
    come(connection, 2 * CROWD, queue="review")
    assert not crowd.is_here()


def test_what_was_taken_in_already_is_no_crowd(connection: sqlite3.Connection, crowd: Crowd) -> None:
    come(connection, 2 * CROWD)
    connection.execute("UPDATE workflow_status SET status = 'PENDING'")
    assert not crowd.is_here()


def test_nobody_waits_where_no_crowd_is_or_none_can_be_seen(connection: sqlite3.Connection, crowd: Crowd) -> None:
    began = time.monotonic()
    crowd.let_pass()
    connection.close()
    crowd.let_pass()
    assert time.monotonic() - began < LONGEST_S / 2


def test_a_crowd_that_never_ends_is_not_waited_for_longer_than_a_second(
    connection: sqlite3.Connection, crowd: Crowd
) -> None:
    come(connection, CROWD)
    began = time.monotonic()
    crowd.let_pass()
    assert LONGEST_S <= time.monotonic() - began < LONGEST_S + 2.0


def test_who_waits_goes_on_soon_after_the_crowd_has_gone(connection: sqlite3.Connection) -> None:
    moments = iter([NOW_S, NOW_S + 1, NOW_S + 2])
    come(connection, CROWD)
    began = time.monotonic()
    Crowd(connection, "intake", lambda: next(moments)).let_pass()
    assert time.monotonic() - began < LONGEST_S
    assert next(moments, None) is None
