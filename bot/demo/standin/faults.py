"""Trouble on request: which requests it strikes, how often, and what it does to them."""

import re
import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerError:
    """5xx. With `after_write` the request is carried out first, and only its answer is lost."""

    status: int = 502
    after_write: bool = False


@dataclass(frozen=True, slots=True)
class SecondaryLimit:
    """403 or 429, "You have exceeded a secondary rate limit"."""

    status: int = 403
    retry_after_s: int | None = 1


@dataclass(frozen=True, slots=True)
class PrimaryLimit:
    """403, "API rate limit exceeded": nothing remains until the reset."""

    resets_in_s: int = 1800


@dataclass(frozen=True, slots=True)
class Latency:
    """The answer comes later, and is right."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ConnectionReset:
    """The connection breaks without an answer. With `after_write` the request has been carried out by then."""

    after_write: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Status 200 with a body that is of no use: `garbage` is no JSON, `truncated` ends half-way. The write is done."""

    how: str = "garbage"


Effect = ServerError | SecondaryLimit | PrimaryLimit | Latency | ConnectionReset | Broken


@dataclass(frozen=True, slots=True)
class Fault:
    """Strikes requests whose method and path (without query) match both patterns from their start.

    Fault(SecondaryLimit(retry_after_s=1), method="POST", path=r".*/reviews$", times=2, after=1) lets the first review
    through and limits the next two.
    """

    effect: Effect
    method: str = ".*"
    path: str = ".*"
    times: int | None = 1
    """How many requests it strikes; None for all."""
    after: int = 0
    """How many matching requests it lets through first."""

    def matches(self, method: str, path: str) -> bool:
        return bool(re.fullmatch(self.method, method) and re.match(self.path, path))


class _Armed:
    """A fault with what is left of it."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.to_skip = fault.after
        self.left = fault.times
        self.struck = 0

    def strikes(self, method: str, path: str) -> bool:
        if self.left == 0 or not self.fault.matches(method, path):
            return False
        if self.to_skip:
            self.to_skip -= 1
            return False
        self.left = None if self.left is None else self.left - 1
        self.struck += 1
        return True


class Faults:
    """The faults in force. All latencies that match add up; of the others the first in order of arming strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault) -> None:
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def struck(self, fault: Fault) -> int:
        """How many requests this fault has hit."""
        with self._lock:
            return sum(armed.struck for armed in self._armed if armed.fault is fault)

    def take(self, method: str, path: str) -> tuple[float, Effect | None]:
        """Seconds to wait, and what to do, for this request."""
        wait_s, effect = 0.0, None
        with self._lock:
            for armed in self._armed:
                kind = armed.fault.effect
                if isinstance(kind, Latency):
                    wait_s += kind.seconds if armed.strikes(method, path) else 0.0
                elif effect is None and armed.strikes(method, path):
                    effect = kind
        return wait_s, effect
