"""The one owner of retries towards GitHub: few, growing, jittered, and never longer than allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import HostUnavailable, OutcomeUnknown, RateLimited, RetryableError
from bot.github.breaker import CircuitOpen

T = TypeVar("T")
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
SETTLING_S = 2.0
"""What was written to GitHub shows everywhere after about this long."""


@dataclass(frozen=True)
class Retries:
    """`attempts` tries in all; a wait GitHub asks for that exceeds `max_wait_s` ends them. `random` gives 0..1."""

    attempts: int
    max_wait_s: float
    sleep: Callable[[float], None]
    random: Callable[[], float]

    def call(self, request: Callable[[], T]) -> T:
        """Repeats what may be repeated. Raises what the last try raised."""
        for attempt in range(1, self.attempts):
            try:
                return request()
            except CircuitOpen:
                raise
            except RetryableError as failure:
                wait_s = self._wait_s(attempt, failure)
                if wait_s > self.max_wait_s:
                    raise
            self.sleep(wait_s)
        return request()

    def once(self, find: Callable[[], T | None], send: Callable[[], T]) -> tuple[T, bool]:
        """Makes sure of one thing that `send` makes and `find` sees: (the thing, whether it was there before).

        After a lost answer it looks before it sends again. Raises HostUnavailable when all answers are lost.
        """
        if (found := find()) is not None:
            return found, True
        for _ in range(self.attempts):
            try:
                return send(), False
            except OutcomeUnknown as lost:
                last = lost
            self.pause()
            if (found := find()) is not None:
                return found, False
        raise HostUnavailable(f"GitHub lost the answer {self.attempts} times and stored nothing: {last}") from last

    def pause(self) -> None:
        """Until GitHub's servers agree on what was just written."""
        self.sleep(SETTLING_S * (1 + self.random() / 4))

    def _wait_s(self, attempt: int, failure: RetryableError) -> float:
        asked_for_s = failure.retry_after_s or 0.0
        backoff_s = min(FIRST_WAIT_S * 2.0 ** (attempt - 1), LONGEST_WAIT_S) * (0.5 + self.random())
        if isinstance(failure, RateLimited) and asked_for_s:
            return asked_for_s + self.random()
        return max(backoff_s, asked_for_s)
