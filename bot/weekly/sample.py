"""What a figure is computed from: the values themselves, so that it can be compared, tested and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Protocol

from bot.domain.tally import wilson
from bot.weekly import noise
from bot.weekly.figure import Change, Interval

LEAST = 5
"""With fewer values, a quantile, a share or a mean could point at one pull request: it is not shown."""


class Sample(Protocol):
    @property
    def n(self) -> int: ...

    @property
    def missing(self) -> int: ...

    @property
    def value(self) -> float | None: ...

    @property
    def why(self) -> str:
        """Why there is no value; empty where there is one."""

    def interval(self) -> Interval | None: ...

    def against(self, before: "Sample") -> Change:
        """How this compares with the same of the weeks before."""


@dataclass(frozen=True)
class Absent:
    """Nothing to compute from: not measured, or withheld."""

    why: str
    n: int = 0
    missing: int = 0
    value: float | None = None

    def interval(self) -> Interval | None:
        return None

    def against(self, before: Sample) -> Change:
        return "not enough"


@dataclass(frozen=True)
class Quantile:
    """A quantile of values; 0.5 is the median."""

    values: Sequence[float]
    at: float = 0.5
    missing: int = 0
    least: int = LEAST

    @cached_property
    def ordered(self) -> list[float]:
        return sorted(self.values)

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def value(self) -> float | None:
        return None if self.why else noise.quantile(self.ordered, self.at)

    @property
    def why(self) -> str:
        least = max(self.least, round(1 / (1 - self.at))) if self.at > 0.5 else self.least
        return f"too few: {self.n} of at least {least}" if self.n < least else ""

    @cached_property
    def _interval(self) -> Interval | None:
        return None if self.why else noise.quantile_interval(self.ordered, self.at)

    def interval(self) -> Interval | None:
        return self._interval

    def against(self, before: Sample) -> Change:
        mine, theirs = self.interval(), before.interval()
        if not isinstance(before, Quantile) or mine is None or theirs is None:
            return "not enough"
        if mine[0] > theirs[1]:
            return "higher"
        return "lower" if mine[1] < theirs[0] else "no clear change"


@dataclass(frozen=True)
class Share:
    part: int
    whole: int
    missing: int = 0

    @property
    def n(self) -> int:
        return self.whole

    @property
    def value(self) -> float | None:
        return None if self.why else self.part / self.whole

    @property
    def why(self) -> str:
        return f"too few: {self.whole} of at least {LEAST}" if self.whole < LEAST else ""

    def interval(self) -> Interval | None:
        return None if self.why else wilson(self.part, self.whole)

    def against(self, before: Sample) -> Change:
        if not isinstance(before, Share) or self.why or before.why:
            return "not enough"
        return _told(*noise.difference_interval(self.part, self.whole, before.part, before.whole))


@dataclass(frozen=True)
class Count:
    """Events in one or more weeks; the value is that of an average week."""

    n: int
    weeks: int = 1
    missing: int = 0
    why: str = ""

    @property
    def value(self) -> float | None:
        return self.n / self.weeks

    def interval(self) -> Interval | None:
        return noise.rate_interval(self.n, self.weeks)

    def against(self, before: Sample) -> Change:
        if not isinstance(before, Count) or self.n + before.n < LEAST:
            return "not enough"
        low, high = noise.part_interval(self.n, before.n)
        fair = self.weeks / (self.weeks + before.weeks)
        return _told(low - fair, high - fair)


@dataclass(frozen=True)
class Mean:
    values: Sequence[float]
    missing: int = 0

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def value(self) -> float | None:
        return None if self.why else fmean(self.values)

    @property
    def why(self) -> str:
        return f"too few: {self.n} of at least {LEAST}" if self.n < LEAST else ""

    def interval(self) -> Interval | None:
        return noise.mean_interval(self.values)

    def against(self, before: Sample) -> Change:
        if not isinstance(before, Mean) or min(self.n, before.n) < noise.LEAST_FOR_MEANS:
            return "not enough"
        if not noise.means_differ(self.values, before.values):
            return "no clear change"
        return "higher" if fmean(self.values) > fmean(before.values) else "lower"


@dataclass(frozen=True)
class Amount:
    """A sum, a ratio of sums, or a state at the end of the week: shown beside the earlier one, but never tested."""

    value: float | None
    n: int
    missing: int = 0
    why: str = ""

    def interval(self) -> Interval | None:
        return None

    def against(self, before: Sample) -> Change:
        return "not enough"


def _told(low: float, high: float) -> Change:
    """An interval of a difference, in words."""
    return "higher" if low > 0 else "lower" if high < 0 else "no clear change"
