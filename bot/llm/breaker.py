"""One circuit breaker for each model: after failures in a row nobody waits for a model that does not answer."""

import threading
from collections.abc import Callable

import pybreaker

from bot.errors import ModelUnavailable


class Breaker:
    """pybreaker counts and keeps the state; time is ours.

    Its own `call` holds a lock for as long as the call takes, so calls would queue up behind one another, and it reads
    the wall clock. Hence admission and outcome are told to it apart.
    """

    def __init__(self, model: str, failures: int, reset_s: float, clock: Callable[[], float]) -> None:
        self._model = model
        self._reset_s = reset_s
        self._clock = clock
        self._opened_at = 0.0
        self._trial_until = 0.0
        self._lock = threading.Lock()
        self._breaker = pybreaker.CircuitBreaker(fail_max=failures, throw_new_error_on_trip=False, name=model)

    @property
    def state(self) -> str:
        """`closed`, `open` or `half-open`."""
        return str(self._breaker.current_state)

    def admit(self, longest_s: float) -> None:
        """Lets a call through that takes at most `longest_s`. Raises ModelUnavailable, with the wait, when open."""
        with self._lock:
            now = self._clock()
            if self.state == pybreaker.STATE_OPEN:
                if (left := self._opened_at + self._reset_s - now) > 0:
                    raise self._away(left)
                self._breaker.half_open()
                self._trial_until = 0.0
            if self.state == pybreaker.STATE_HALF_OPEN:
                if now < self._trial_until:
                    raise self._away(self._trial_until - now)
                self._trial_until = now + longest_s

    def succeeded(self) -> None:
        with self._lock:
            if self.state != pybreaker.STATE_OPEN:
                self._breaker.call(lambda: None)

    def failed(self) -> None:
        with self._lock:
            if self.state == pybreaker.STATE_OPEN:
                return
            try:
                self._breaker.call(_fail)
            except _CountedFailure:
                if self.state == pybreaker.STATE_OPEN:
                    self._opened_at = self._clock()

    def released(self) -> None:
        """The call ended without telling how the model is (it was limited, or refused): another may try."""
        with self._lock:
            self._trial_until = 0.0

    def _away(self, left_s: float) -> ModelUnavailable:
        return ModelUnavailable(
            f"the circuit breaker of {self._model} is open after failures in a row; next try in {left_s:.0f} s",
            retry_after_s=left_s,
        )


class _CountedFailure(Exception):
    """Tells pybreaker of a failure that has been raised elsewhere."""


def _fail() -> None:
    raise _CountedFailure
