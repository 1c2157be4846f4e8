"""GitHub's hourly limits, as its answers tell them by the way: nothing is asked for them."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from bot.domain.workers import LimitSeen

MOST_KEPT: Final = 500
_RESOURCE_CHARS: Final = 40
_NAMES: Final = ("limit", "remaining", "reset")


class HourlyLimits:
    """One for a process, shared by threads. `clock` gives seconds since the epoch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], tuple[int, int, int]] = {}

    def hear(self, installation: str, headers: Mapping[str, str]) -> None:
        """Of one answer's headers, `x-ratelimit-*`. Answers overtake each other: of one hour, the least that remained
        is kept. An answer without a limit tells nothing, nor does one that comes when its hour is over."""
        try:
            limit, remaining, resets_at = (
                int(headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")
            )
            datetime.fromtimestamp(resets_at, UTC)
        except (KeyError, ValueError, OverflowError, OSError):
            return
        if resets_at <= self._clock():
            return
        key = (installation, str(headers.get("x-ratelimit-resource", "core"))[:_RESOURCE_CHARS])
        with self._lock:
            known = self._told.get(key)
            if known and known[2] >= resets_at:
                limit, remaining, resets_at = known[0], min(known[1], remaining), known[2]
            elif known is None and len(self._told) >= MOST_KEPT:
                return
            self._told[key] = (max(0, limit), max(0, remaining), resets_at)

    def told(self) -> tuple[LimitSeen, ...]:
        """Those whose hour has not ended: after it, all is there again."""
        now = self._clock()
        with self._lock:
            self._told = {key: one for key, one in self._told.items() if one[2] > now}
            kept = sorted(self._told.items())
        return tuple(
            LimitSeen(
                installation=installation,
                resource=resource,
                limit=limit,
                remaining=remaining,
                resets_at=datetime.fromtimestamp(resets_at, UTC).isoformat(timespec="seconds"),
            )
            for (installation, resource), (limit, remaining, resets_at) in kept
        )
