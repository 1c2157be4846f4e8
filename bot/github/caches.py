"""What one process remembers of GitHub between the steps of a review."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

BlobKey = tuple[int, str, str]
"""Repository id, commit, path."""
_ABSENT_COSTS = 64


class BlobCache:
    """Contents by commit and path, which never change; also that a path is absent (None). Least used goes first."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held_bytes = 0
        self._blobs: OrderedDict[BlobKey, bytes | None] = OrderedDict()
        self._lock = threading.Lock()

    def held(self, keys: Iterable[BlobKey]) -> dict[BlobKey, bytes | None]:
        """Those of them that are in the cache."""
        with self._lock:
            found = {key: self._blobs[key] for key in keys if key in self._blobs}
            for key in found:
                self._blobs.move_to_end(key)
            return found

    def put(self, key: BlobKey, content: bytes | None) -> None:
        """A content too large for the whole cache is not kept."""
        if _cost(content) > self._limit_bytes:
            return
        with self._lock:
            if key in self._blobs:
                self._held_bytes -= _cost(self._blobs.pop(key))
            self._blobs[key] = content
            self._held_bytes += _cost(content)
            while self._held_bytes > self._limit_bytes:
                self._held_bytes -= _cost(self._blobs.popitem(last=False)[1])


def _cost(content: bytes | None) -> int:
    return _ABSENT_COSTS + len(content or b"")


@dataclass(frozen=True)
class Remembered:
    text: str | None
    age_s: float


class TextMemory:
    """Texts by name, with their age. Holds at most `limit` names."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._texts: OrderedDict[str, tuple[str | None, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> Remembered | None:
        with self._lock:
            held = self._texts.get(name)
            return Remembered(held[0], self._clock() - held[1]) if held else None

    def put(self, name: str, text: str | None) -> None:
        with self._lock:
            self._texts[name] = (text, self._clock())
            self._texts.move_to_end(name)
            while len(self._texts) > self._limit:
                self._texts.popitem(last=False)


class Avoided:
    """Something not to be tried again before a time, such as an interface this host lacks."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = 0.0

    def __bool__(self) -> bool:
        return self._clock() < self._until

    def avoid(self, seconds: float) -> None:
        self._until = max(self._until, self._clock() + seconds)
