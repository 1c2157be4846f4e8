"""Several things at a time."""

import threading
from collections.abc import Iterator

import pytest

from bot.backtest.parallel import as_they_come
from bot.errors import GuardError


def test_what_is_ready_first_comes_first() -> None:
    slow = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert slow.wait(60)
        return item

    results = as_they_come(work, range(3), hands=2)
    assert sorted((next(results), next(results))) == [1, 2]
    slow.set()
    assert list(results) == [0]


def test_no_more_is_taken_than_hands_can_hold() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = as_they_come(lambda item: item, items(), hands=2)
    next(results)
    assert len(taken) <= 4
    results.close()
    assert len(taken) <= 4, "who stops listening stops the rest"


def test_a_failure_is_raised_and_a_standstill_does_not_last_for_ever() -> None:
    with pytest.raises(ZeroDivisionError):
        list(as_they_come(lambda item: 1 // item, [0], hands=1))
    stuck = threading.Event()
    with pytest.raises(GuardError, match="--last"):
        list(as_they_come(lambda item: stuck.wait(60), [0], hands=1, longest_s=0.05))
    stuck.set()
