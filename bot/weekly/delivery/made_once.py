"""What is dear to make and wanted by several at once: one makes it, the others wait, and it is kept for a while."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Final, Generic, TypeVar

from bot.errors import RetryableError

T = TypeVar("T")
WAITED_S: Final = 300.0
"""The longest that one waits for another's."""


class MadeOnce(Generic[T]):
    """One for a process, shared by threads. Whoever wants something else waits for nobody."""

    def __init__(
        self, clock: Callable[[], datetime], fresh_s: float, most_kept: int, waited_s: float = WAITED_S
    ) -> None:
        self._clock = clock
        self._fresh_s = fresh_s
        self._most_kept = most_kept
        self._waited_s = waited_s
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._kept: OrderedDict[Hashable, tuple[datetime, T]] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under that key, else what `make` gives. Raises what it raises; the next one then makes it
        anew. Raises RetryableError where another has been making it for too long."""
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        if not turn.acquire(timeout=self._waited_s):
            raise RetryableError(f"Another has been making the same for {self._waited_s:g} s. It is tried again later.")
        try:
            fresh = self._fresh(key)
            return self._keep(key, self._clock(), make()) if fresh is None else fresh
        finally:
            turn.release()

    def _fresh(self, key: Hashable) -> T | None:
        with self._lock:
            made_at, made = self._kept.get(key, (None, None))
        is_fresh = made_at is not None and 0 <= (self._clock() - made_at).total_seconds() < self._fresh_s
        return made if is_fresh else None

    def _keep(self, key: Hashable, at: datetime, made: T) -> T:
        with self._lock:
            self._kept[key] = (at, made)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most_kept:
                gone, _ = self._kept.popitem(last=False)
                self._making.pop(gone, None)
        return made
