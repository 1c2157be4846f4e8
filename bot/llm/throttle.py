"""Token buckets: how many requests, or tokens, may leave this process in a minute."""

import threading
from collections.abc import Callable

from bot.errors import ModelUnavailable

BURST = 0.1
"""Of a minute's requests, so many may leave at once after a pause, and one more."""


class Bucket:
    """What is taken before it is there is owed: the next one waits the longer, so turns are kept."""

    def __init__(self, per_minute: int, holds: float, clock: Callable[[], float]) -> None:
        self._rate = per_minute / 60.0
        self._holds = holds
        self._clock = clock
        self._level = holds
        self._at = clock()
        self._lock = threading.Lock()

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        with self._lock:
            self._fill()
            return max(0.0, self._level / self._holds)

    def take(self, amount: float, longest_s: float) -> tuple[float, bool]:
        """Seconds to wait for that much, and whether it was taken: not where the wait is longer than allowed."""
        with self._lock:
            self._fill()
            amount = min(amount, self._holds)  # or a question larger than the bucket could never be put
            wait_s = max(0.0, (amount - self._level) / self._rate)
            if wait_s > longest_s:
                return wait_s, False
            self._level -= amount
            return wait_s, True

    def correct(self, amount: float) -> None:
        """More was used than taken, or less where negative."""
        with self._lock:
            self._fill()
            self._level = min(self._holds, self._level - amount)

    def _fill(self) -> None:
        now = self._clock()
        self._level = min(self._holds, self._level + (now - self._at) * self._rate)
        self._at = now


class Throttle:
    """A bucket with the wait and the words around it."""

    def __init__(
        self, setting: str, per_minute: int, holds: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._setting = setting
        self._bucket = Bucket(per_minute, holds, clock)
        self._clock = clock
        self._sleep = sleep

    @property
    def share(self) -> float:
        return self._bucket.share

    def wait(self, deadline: float, amount: float = 1.0) -> None:
        """Returns when it is this call's turn. Raises ModelUnavailable at once when that is after the deadline."""
        wait_s, is_taken = self._bucket.take(amount, deadline - self._clock())
        if not is_taken:
            raise ModelUnavailable(
                f"the throttle of {self._setting} is used up; raise it, or wait", retry_after_s=wait_s
            )
        if wait_s > 0:
            self._sleep(wait_s)

    def correct(self, amount: float) -> None:
        """More was used than waited for, or less where negative."""
        self._bucket.correct(amount)


def request_throttle(per_minute: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> Throttle:
    """Over all models of this process. All workers together keep to it through the engine's queue."""
    return Throttle("llm.calls_per_minute", per_minute, 1 + per_minute * BURST, clock, sleep)


def token_throttle(per_minute: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> Throttle | None:
    """For one model in this process; None where there is no limit. A minute's tokens may be used at once."""
    return Throttle("llm.tokens_per_minute", per_minute, per_minute, clock, sleep) if per_minute else None
