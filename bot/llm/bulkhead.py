"""One repository's questions never take all the places: the others' go on beside them."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import ModelUnavailable


class Bulkhead:
    def __init__(self, places: int) -> None:
        self._places = places
        self._taken: Counter[int] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def place(self, repository_id: int | None, longest_s: float) -> Iterator[None]:
        """One of the repository's places, waited for. Raises ModelUnavailable where none came free in time.

        What belongs to no repository (a summary, the command line) needs none.
        """
        if repository_id is None:
            yield
            return
        with self._changed:
            if not self._changed.wait_for(lambda: self._taken[repository_id] < self._places, max(0.0, longest_s)):
                raise ModelUnavailable(
                    f"{self._places} questions of this repository are being asked already, and none ended in time; "
                    "raise llm.calls_per_repository, or wait",
                    retry_after_s=30.0,
                )
            self._taken[repository_id] += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken[repository_id] -= 1
                if not self._taken[repository_id]:
                    del self._taken[repository_id]
                self._changed.notify_all()
