"""What the overview and the weekly summary ask of the ledger: no question reads a whole table that grows by the day."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from bot.domain import Repository
from bot.ledger import Ledger
from bot.settings import load_settings
from bot.weekly.reading import read_summary, week_named
from tests.dashboard.two_teams import HERE, NOW, OURS, Board

SMALL: Final = ("json_each", "repositories", "waivers", "touched", "CONSTANT ROW", "(subquery")
"""What may be read whole: as many rows as there are repositories, what people wrote by hand, and steps between."""


@contextmanager
def questions(ledger: Ledger) -> Iterator[list[str]]:
    """The statements that the ledger runs, as they are run."""
    asked: list[str] = []
    with ledger._connection.reading() as database:
        database.conn.set_trace_callback(asked.append)
    try:
        yield asked
    finally:
        database.conn.set_trace_callback(None)


def plan(ledger: Ledger, statement: str) -> list[str]:
    with ledger._connection.reading() as database:
        return [str(row[3]) for row in database.conn.execute(f"EXPLAIN QUERY PLAN {statement}")]


def selects(asked: list[str]) -> list[str]:
    return sorted({one for one in asked if re.match(r"\s*(SELECT|WITH)\b", one)})


def read_whole(ledger: Ledger, asked: list[str]) -> list[tuple[str, str]]:
    """The steps that go through all of something that is not small, each with its question."""
    found = [(step, statement) for statement in selects(asked) for step in plan(ledger, statement)]
    return [one for one in found if one[0].startswith("SCAN ") and not one[0][5:].startswith(SMALL)]


@pytest.mark.parametrize("address", ["/", "/?repository=acme/checkout", "/weeks", "/weeks/2026-W46"])
def test_no_page_of_figures_reads_a_whole_table(board: Board, address: str) -> None:
    client = board.as_person(None, is_admin=True)
    with questions(board.ledger) as asked:
        for _ in range(2):  # with figures to be made, and with those that are kept
            assert client.get(address, base_url=HERE).status_code == 200
    assert len(selects(asked)) > 12, "the figures' own questions are among them"
    assert read_whole(board.ledger, asked) == []


@pytest.mark.parametrize("address", ["/", "/?repository=acme/checkout", "/reviews", "/weeks/2026-W46", "/operations"])
def test_a_page_asks_once_which_repositories_there_are(board: Board, address: str) -> None:
    client = board.as_person(None, is_admin=True)
    client.get(address, base_url=HERE)  # its figures ask, too, when they are made
    with questions(board.ledger) as asked:
        assert client.get(address, base_url=HERE).status_code == 200
    of_repositories = [one for one in asked if "FROM repositories WHERE removed_at IS NULL" in one]
    assert len(of_repositories) == len(set(of_repositories)) == 2, "their ids, and what is told of them"


def test_no_summary_reads_a_whole_table(board: Board) -> None:
    settings = load_settings(environment={}).weekly
    repository = Repository(id=OURS, owner="acme", name="checkout")
    with questions(board.ledger) as asked:
        read_summary(board.ledger, [repository], "acme/checkout", week_named(None, settings, NOW), settings, NOW)
    assert len(selects(asked)) > 10
    assert read_whole(board.ledger, asked) == []


def test_what_happened_in_a_time_is_found_by_that_time(board: Board) -> None:
    """And not among all the years of a repository."""
    with questions(board.ledger) as asked:
        board.ledger.week_rows([OURS], "2026-11-01T00:00:00Z", "2026-11-22T00:00:00Z")
    steps = [step for statement in selects(asked) for step in plan(board.ledger, statement)]
    of_events = [step for step in steps if re.match(r"SEARCH (events|later|ends) ", step)]
    assert any("ends_by_time" in step for step in of_events)
    assert any("heads_by_time" in step for step in of_events)
    assert all("at>?" in step or "(repository_id=? AND number=?)" in step for step in of_events), of_events


def test_a_question_that_reads_a_whole_table_is_caught(board: Board) -> None:
    assert read_whole(board.ledger, ["SELECT * FROM events AS later WHERE actor = 'ana'"])
    assert read_whole(board.ledger, ["SELECT number FROM reviews ORDER BY repository_id, finished_at"])
