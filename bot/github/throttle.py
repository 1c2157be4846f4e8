"""Staying under GitHub's limits of our own accord: writes are paced, and a limit once hit is respected by all."""

import threading
from collections.abc import Callable, Mapping

from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem

from bot.errors import RateLimited

LONGEST_HOUR_S = 3700.0
"""GitHub counts by the hour; what resets later than that is no limit of its."""
WORDS = 10
"""Requests that are kept for telling people of a limit: so many are left of each hour, and sent while one holds."""


class Throttle:
    """One installation's pace. Times are seconds since the epoch, as `clock` gives them."""

    def __init__(
        self,
        writes_per_minute: int,
        writes_per_hour: int,
        max_wait_s: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        rates = [Rate(min(writes_per_minute, writes_per_hour), Duration.MINUTE), Rate(writes_per_hour, Duration.HOUR)]
        self._writes = InMemoryBucket(rates if writes_per_minute < writes_per_hour else rates[1:])
        self._lock = threading.Lock()
        self._max_wait_s = max_wait_s
        self._clock = clock
        self._sleep = sleep
        self._resumes_at = 0.0
        self._words_left = WORDS

    def admit(self, is_write: bool, is_word: bool = False) -> None:
        """Returns when the request may go. Raises RateLimited where that is more than `max_wait_s` away.

        `is_word`: it tells people how a review stands, and a few of these go out while a limit holds.
        """
        left_s = self._resumes_at - self._clock()
        if left_s > 0 and not (is_word and self._has_word()):
            raise RateLimited(f"GitHub's rate limit holds for another {left_s:.0f} s.", left_s)
        if is_write:
            self._admit_write()

    def rest(self, seconds: float) -> None:
        """After GitHub named a limit: nothing but words is sent until it has passed."""
        now = self._clock()
        with self._lock:
            if now >= self._resumes_at:
                self._words_left = WORDS
            self._resumes_at = max(self._resumes_at, now + seconds)

    def heed(self, headers: Mapping[str, str]) -> None:
        """Rests before GitHub names its hourly limit, while there is still something left to say it with."""
        try:
            limit, remaining, resets_at = (
                int(headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")
            )
        except (KeyError, ValueError):
            return
        left_s = resets_at - self._clock()
        if remaining <= WORDS < limit and 0 < left_s <= LONGEST_HOUR_S:
            self.rest(left_s + 1.0)

    def _has_word(self) -> bool:
        with self._lock:
            self._words_left -= 1
            return self._words_left >= 0

    def _admit_write(self) -> None:
        waited_s = 0.0
        while (wait_s := self._write_wait_s()) > 0:
            if waited_s + wait_s > self._max_wait_s:
                raise RateLimited(f"Our own limit on writes to GitHub is reached for {wait_s:.0f} s.", wait_s)
            self._sleep(wait_s)
            waited_s += wait_s

    def _write_wait_s(self) -> float:
        """0 where the write is taken into account, else how long until there is room."""
        with self._lock:
            now_ms = int(self._clock() * 1000)
            self._writes.leak(now_ms)
            write = RateItem("write", now_ms)
            if self._writes.put(write):
                return 0.0
            wait_ms = self._writes.waiting(write)
            return max(int(wait_ms), 1) / 1000  # type: ignore[arg-type]  # an awaitable only in asynchronous buckets
