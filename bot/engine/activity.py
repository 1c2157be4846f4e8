"""What this worker is doing at the moment, so that it can stop without breaking off what could have been finished."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Activity:
    """Counts the pieces of work under way here, and those among them that only wait for other work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._working = 0
        self._waiting = 0

    @contextmanager
    def working(self) -> Iterator[None]:
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1

    @contextmanager
    def waiting(self) -> Iterator[None]:
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    @property
    def is_idle(self) -> bool:
        """True if nothing is under way that would end by itself once no new work is taken."""
        with self._lock:
            return self._working == self._waiting

    @property
    def is_waiting(self) -> bool:
        """True if something here waits for other work."""
        with self._lock:
            return self._waiting > 0
