"""What a provider says of its own limits in the headers of every answer, so that they are kept before they are hit.

OpenAI, Azure and most of their kind: `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, a reset such as `6m0s`.
Anthropic: `anthropic-ratelimit-{requests,tokens,input-tokens}-{limit,remaining,reset}`, a reset in RFC 3339.
"""

import math
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

_OPENAI = ("x-ratelimit-limit-{}", "x-ratelimit-remaining-{}", "x-ratelimit-reset-{}")
_ANTHROPIC = ("anthropic-ratelimit-{}-limit", "anthropic-ratelimit-{}-remaining", "anthropic-ratelimit-{}-reset")
_KINDS = ("requests", "tokens", "input-tokens")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FULL_DAY_S = 86_400.0


@dataclass(frozen=True)
class _Window:
    """One limit, as it was told at `at`."""

    most: float
    left: float
    reset_s: float
    at: float

    def wait_s(self, need: float, now: float) -> float:
        """Until that much is there again. Providers fill up steadily: it is there before all of it is."""
        need = min(need, self.most)
        short = need - self.left
        if short <= 0 or self.reset_s <= 0:
            return 0.0
        share = 1.0 if math.isinf(self.most) else short / max(self.most - self.left, short)
        refill_s = self.reset_s * share
        return max(0.0, self.at + refill_s - now)

    def less(self, used: float) -> "_Window":
        return _Window(self.most, self.left - used, self.reset_s, self.at)


class ToldLimits:
    """What one model's provider said last, less what has been asked since."""

    def __init__(self, clock: Callable[[], float], now: Callable[[], datetime]) -> None:
        self._clock = clock
        self._now = now
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def note(self, headers: Mapping[str, str]) -> None:
        """Reads the headers of an answer, whatever its status."""
        told = told_windows(headers, self._now())
        with self._lock:
            self._windows |= {kind: _Window(*window, at=self._clock()) for kind, window in told.items()}

    def wait_s(self, tokens: int) -> float:
        """Until a question of so many tokens fits."""
        with self._lock:
            now = self._clock()
            return max((window.wait_s(_need(kind, tokens), now) for kind, window in self._windows.items()), default=0.0)

    def use(self, tokens: int) -> None:
        """A question is on its way: until the provider says more, it counts."""
        with self._lock:
            self._windows = {kind: window.less(_need(kind, tokens)) for kind, window in self._windows.items()}


def told_windows(headers: Mapping[str, str], now: datetime) -> dict[str, tuple[float, float, float]]:
    """By kind of limit: the most, what is left, and the seconds until all of it is there again."""
    told = {}
    for names, kind in product((_OPENAI, _ANTHROPIC), _KINDS):
        most, left, reset = (headers.get(name.format(kind)) for name in names)
        left_n, reset_s = _number(left), _seconds(reset, now)
        if left_n is not None and reset_s is not None and reset_s <= _FULL_DAY_S:
            told[kind] = (_number(most) or math.inf, left_n, reset_s)
    return told


def told_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the limit that is used up is there again; None where none is."""
    waits = [reset_s for _, left, reset_s in told_windows(headers, now).values() if left <= 0 and reset_s > 0]
    return max(waits, default=None)


def _need(kind: str, tokens: int) -> float:
    return 1.0 if kind == "requests" else float(tokens)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _seconds(text: str | None, now: datetime) -> float | None:
    """Of `6m0s`, `20ms`, `12.5` or a time."""
    text = (text or "").strip()
    if (plain := _number(text)) is not None:
        return max(0.0, plain)
    parts = _PART.findall(text)
    if parts and "".join(map("".join, parts)) == text:
        return sum(float(number) * _UNIT_S[unit] for number, unit in parts)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
