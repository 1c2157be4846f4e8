"""How often, and after how long, a call is tried again: a loop of our own, so that time and chance can be handed in."""

import threading
from collections import deque
from collections.abc import Callable

SHARE = 0.1
FLOOR = 3
WINDOW_S = 120.0
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 10.0


class RetryBudget:
    """Retries are a tenth of the calls of the last two minutes, and a few more, so that one call alone may retry.

    When everything fails, each call's own retries would multiply the load on a model that is in trouble.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()
        self._lock = threading.Lock()

    def note_call(self) -> None:
        with self._lock:
            self._forget()
            self._calls.append(self._clock())

    def take(self) -> bool:
        """True where one more retry is within the budget; it is then spent."""
        with self._lock:
            if self._left() < 1:
                return False
            self._retries.append(self._clock())
            return True

    @property
    def left(self) -> int:
        with self._lock:
            return self._left()

    def _left(self) -> int:
        self._forget()
        return max(0, FLOOR + int(SHARE * len(self._calls)) - len(self._retries))

    def _forget(self) -> None:
        before = self._clock() - WINDOW_S
        for times in (self._calls, self._retries):
            while times and times[0] <= before:
                times.popleft()


def wait_before(retry: int, told_s: float | None, longest_s: float, dice: Callable[[], float]) -> float:
    """Seconds before that retry, from 1. Full jitter: anything up to a ceiling that doubles.

    What the other side asked for is the least, with up to a tenth on top, so that not all come back at one moment.
    """
    if told_s is not None:
        return told_s * (1.0 + 0.1 * dice())
    return dice() * min(longest_s, FIRST_WAIT_S * 2.0**retry)
