"""Every request the stand-in got, for tests to count and for people to read."""

import threading
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `template` is the route (`/repos/<owner>/<repo>/pulls`), or the path where none matched.

    `status` is what the host decided, 0 where it never did; `fault` names what was done to the answer, if anything.
    """

    at: datetime
    method: str
    path: str
    template: str
    status: int
    duration_s: float
    login: str = ""
    fault: str = ""

    @property
    def is_write(self) -> bool:
        return self.method not in ("GET", "HEAD")


class Journal:
    """The last 20,000 requests, and counts of all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: deque[Asked] = deque(maxlen=KEPT)
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, asked: Asked) -> None:
        with self._lock:
            self._asked.append(asked)
            self._counts[asked.method, asked.template] += 1

    def asked(self, method: str = "", template: str = "") -> list[Asked]:
        """Requests so far, oldest first; with `method` or a part of the template only those."""
        with self._lock:
            found = list(self._asked)
        return [one for one in found if (not method or one.method == method) and template in one.template]

    def counts(self) -> dict[str, int]:
        """`"GET /repos/<owner>/<repo>/pulls"` → how often, since the start or the last `clear`."""
        with self._lock:
            return {f"{method} {template}": number for (method, template), number in sorted(self._counts.items())}

    @property
    def total(self) -> int:
        """How many requests since the start or the last `clear`."""
        with self._lock:
            return self._counts.total()

    def clear(self) -> None:
        with self._lock:
            self._asked.clear()
            self._counts.clear()
