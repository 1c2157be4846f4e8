"""Places to which waiters are let in the order they came, each within a time limit."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class NoTurn(Exception):
    """The wait was longer than the limit."""


class Turnstile:
    """A connection pool alone is not fair: who gives a connection back takes it again before a waiter has woken up.
    Under load that starves a thread for seconds; here a place is handed over to the one who waits longest.
    """

    def __init__(self, places: int, wait_s: float) -> None:
        self._free = places
        self._wait_s = wait_s
        self._mutex = threading.Lock()
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises NoTurn after the limit."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        ticket = threading.Lock()
        with self._mutex:
            if self._free:
                self._free -= 1
                return
            ticket.acquire()
            self._queue.append(ticket)
        if ticket.acquire(timeout=self._wait_s):
            return
        with self._mutex:
            if ticket not in self._queue:
                return  # it was handed over at the last moment
            self._queue.remove(ticket)
        raise NoTurn(f"no turn within {self._wait_s:g} s")

    def _leave(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._free += 1
