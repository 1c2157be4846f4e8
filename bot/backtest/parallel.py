"""Several things at a time, and what is ready first comes first."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from bot.errors import GuardError

A = TypeVar("A")
R = TypeVar("R")

LONGEST_S = 900.0
"""Longer than a commit of as many files as may be read can take."""
Watch = Callable[[str, int, int], object]
"""Told now and then: what is being done, how much of it is done, and of how much."""
_AHEAD = 2
"""Items taken for each pair of hands: enough to keep them busy, few enough to keep memory flat."""


def as_they_come(
    function: Callable[[A], R], items: Iterable[A], hands: int, longest_s: float = LONGEST_S
) -> Iterator[R]:
    """Results in the order in which they are ready. Who stops listening stops what has not begun.

    Raises what the function raises, and GuardError where nothing is ready for `longest_s`.
    """
    pool = ThreadPoolExecutor(hands, thread_name_prefix="backtest")
    left = iter(items)
    under_way: set[Future[R]] = set()
    try:
        while True:
            under_way |= {pool.submit(function, item) for item in islice(left, hands * _AHEAD - len(under_way))}
            if not under_way:
                return
            ready, under_way = wait(under_way, timeout=longest_s, return_when=FIRST_COMPLETED)
            if not ready:
                raise GuardError(f"Nothing came of the work for {longest_s:g} s. Try fewer commits with --last.")
            for future in ready:
                yield future.result(timeout=0)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
