"""A circuit breaker and a bulkhead around one host."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pybreaker

from bot.errors import HostUnavailable, OutcomeUnknown, SeawallError


class CircuitOpen(HostUnavailable):
    """The host has failed too often of late; it is left alone for `retry_after_s`."""


class Breaker:
    """Opens after `failures` lost answers in a row, for `reset_s`.

    pybreaker holds its lock for as long as the guarded call takes, which would send all requests one after the other.
    So only the verdict on a finished request goes through it, and admission reads its state.
    """

    def __init__(self, host: str, failures: int, reset_s: float) -> None:
        self._host = host
        self._reset_s = reset_s
        self._storage = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        self._circuit = pybreaker.CircuitBreaker(
            fail_max=failures, reset_timeout=reset_s, state_storage=self._storage, throw_new_error_on_trip=False
        )

    @contextmanager
    def around(self) -> Iterator[None]:
        """Raises CircuitOpen instead of running the block while the circuit is open."""
        self._admit()
        try:
            yield
        except (HostUnavailable, OutcomeUnknown) as failure:
            self._report(failure)
            raise
        except SeawallError:
            self._report(None)  # a refusal is an answer: the host is there
            raise
        self._report(None)

    @property
    def is_open(self) -> bool:
        return self._circuit.current_state == pybreaker.STATE_OPEN

    def _admit(self) -> None:
        opened_at = self._storage.opened_at
        if not self.is_open or opened_at is None:
            return
        left_s = self._reset_s - (datetime.now(UTC) - opened_at).total_seconds()
        if left_s > 0:
            raise CircuitOpen(f"{self._host} has failed too often; it is asked again in {left_s:.0f} s.", left_s)

    def _report(self, failure: Exception | None) -> None:
        def verdict() -> None:
            if failure:
                raise failure

        try:
            self._circuit.call(verdict)
        except (pybreaker.CircuitBreakerError, HostUnavailable, OutcomeUnknown):
            return


class Bulkhead:
    """At most `slots` requests at once; a request that finds no slot in `wait_s` gives up."""

    def __init__(self, slots: int, wait_s: float) -> None:
        self.slots = slots
        self._wait_s = wait_s
        self._free = threading.BoundedSemaphore(slots)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Raises HostUnavailable where all slots stay taken."""
        if not self._free.acquire(timeout=self._wait_s):
            raise HostUnavailable(
                f"All {self.slots} connections to GitHub were busy for {self._wait_s:g} s; raise github.connections "
                "if this happens while GitHub is fast."
            )
        try:
            yield
        finally:
            self._free.release()
