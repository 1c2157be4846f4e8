"""The throttle over all calls of this process."""

import threading
from collections.abc import Callable

from bot.errors import ModelUnavailable

_BURST_S = 6.0
"""A pause may be made up for by as many calls as belong to this many seconds."""


class Throttle:
    def __init__(self, per_minute: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._interval = 60.0 / per_minute
        self._clock = clock
        self._sleep = sleep
        self._next_at = clock() - _BURST_S
        self._lock = threading.Lock()

    def wait(self, deadline: float) -> None:
        """Returns when it is this call's turn. Raises ModelUnavailable at once when that is after the deadline."""
        with self._lock:
            now = self._clock()
            turn = max(self._next_at, now - _BURST_S)
            if turn > deadline:
                raise ModelUnavailable(
                    "the throttle of llm.calls_per_minute is used up; raise it, or wait", retry_after_s=turn - now
                )
            self._next_at = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
