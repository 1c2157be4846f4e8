"""Large bodies are dealt with a few at a time: what they take of memory must not grow with the number of threads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from webhooks.refusal import Refusal

LARGE_BYTES = 262_144
"""GitHub's deliveries are far smaller, but for some of its pushes."""
AT_ONCE = 8
WAIT_S = 5.0
"""GitHub itself gives up after 10 seconds."""


class FewAtOnce:
    """Room for so many large bodies; the others wait, up to a limit."""

    def __init__(self, places: int = AT_ONCE, wait_s: float = WAIT_S) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._wait_s = wait_s

    @contextmanager
    def room(self, announced_bytes: int | None) -> Iterator[None]:
        """Within the block a body of that size, or of a size nobody told, may be held. Raises Refusal (503)."""
        if announced_bytes is not None and announced_bytes <= LARGE_BYTES:
            yield
            return
        if not self._places.acquire(timeout=self._wait_s):
            raise Refusal(503, "Too many large bodies come at once; send it again later.")
        try:
            yield
        finally:
            self._places.release()
