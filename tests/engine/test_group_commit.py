"""Those who wait together are kept together, each told its own outcome."""

import threading
import time
from collections.abc import Sequence

import pytest

from bot.engine.group_commit import MOST_AT_ONCE, GroupCommit
from bot.engine.turnstile import NoTurn, Turnstile
from tests.engine.conftest import PATIENCE_S, until


class Book:
    """Writes slowly; the first write waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.let_go = threading.Event()

    def write(self, items: Sequence[int]) -> list[str]:
        self.groups.append(list(items))
        if len(self.groups) == 1:
            assert self.let_go.wait(PATIENCE_S)
        if 13 in items:
            raise OSError("the disk is full")
        return [f"kept {item}" for item in items]


def crowd(keeper: GroupCommit[int, str], items: range) -> tuple[list[threading.Thread], dict[int, object]]:
    told: dict[int, object] = {}

    def keep(item: int) -> None:
        try:
            told[item] = keeper.keep(item)
        except (OSError, NoTurn) as failure:
            told[item] = failure

    threads = [threading.Thread(target=keep, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    return threads, told


def test_all_who_wait_behind_one_write_share_the_next() -> None:
    book = Book()
    keeper = GroupCommit(Turnstile(1, 60), book.write, 60)
    first, first_told = crowd(keeper, range(1))
    while not book.groups:
        time.sleep(0.001)
    rest, told = crowd(keeper, range(20, 28))
    until(lambda: len(keeper._waiting) == 8, "all of them to wait")
    book.let_go.set()
    for thread in (*first, *rest):
        thread.join(60)
    assert first_told == {0: "kept 0"}
    assert told == {item: f"kept {item}" for item in range(20, 28)}
    assert [len(group) for group in book.groups] == [1, 8]


def test_a_failure_is_told_to_all_of_its_group_and_to_no_other() -> None:
    book = Book()
    keeper = GroupCommit(Turnstile(1, 60), book.write, 60)
    first, _ = crowd(keeper, range(1))
    while not book.groups:
        time.sleep(0.001)
    rest, told = crowd(keeper, range(12, 15))
    until(lambda: len(keeper._waiting) == 3, "all of them to wait")
    book.let_go.set()
    for thread in (*first, *rest):
        thread.join(60)
    assert all(isinstance(one, OSError) for one in told.values())
    assert keeper.keep(99) == "kept 99"


def test_who_waits_too_long_leaves_nothing_behind() -> None:
    book = Book()
    keeper = GroupCommit(Turnstile(1, 0.1), book.write, 0.1)
    first, _ = crowd(keeper, range(1))
    while not book.groups:
        time.sleep(0.001)
    with pytest.raises(NoTurn):
        keeper.keep(7)
    book.let_go.set()
    first[0].join(60)
    assert keeper.keep(8) == "kept 8"
    assert book.groups == [[0], [8]]


def test_a_group_is_bounded_and_none_is_kept_twice_with_several_places() -> None:
    book = Book()
    book.let_go.set()
    keeper = GroupCommit(Turnstile(4, 60), book.write, 60)
    threads, told = crowd(keeper, range(100, 100 + 3 * MOST_AT_ONCE))
    for thread in threads:
        thread.join(60)
    kept = [item for group in book.groups for item in group]
    assert sorted(kept) == list(range(100, 100 + 3 * MOST_AT_ONCE))
    assert max(map(len, book.groups)) <= MOST_AT_ONCE
    assert len(told) == len(kept)
