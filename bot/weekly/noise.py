"""What is noise and what is a change. Intervals are two-sided, 95 %; each test is one sentence, told with the figures.

- Medians and other quantiles: changed where their intervals do not overlap (stricter than 5 %).
- Shares: changed where Newcombe's interval of the difference leaves out zero.
- Counts: changed where this week's part of all the weeks' events has a Wilson interval that leaves out the part it has
  of the time.
- Means: changed where they are further apart than 1.96 standard errors of their difference.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean
from typing import Final

from bot.domain.tally import Z_95, wilson
from bot.weekly.figure import Interval

TESTS: Final = (
    "Durations and sizes are called changed when their 95 % intervals (binomial, of order statistics) do not overlap.",
    "Shares are called changed when the 95 % interval of their difference (Newcombe) leaves out zero.",
    "Counts are called changed when the 95 % interval (Wilson) of this week's part of all events leaves out a fifth.",
    "Means are called changed when they differ by more than 1.96 standard errors.",
)
LEAST_FOR_MEANS: Final = 10
_TAIL: Final = 0.025


def quantile(ordered: Sequence[float], at: float) -> float:
    """Of sorted values, by linear interpolation between the two nearest. Raises IndexError where there are none."""
    place = (len(ordered) - 1) * at
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def quantile_interval(ordered: Sequence[float], at: float) -> Interval | None:
    """Between two of the sorted values, chosen by the binomial distribution; None where there are too few for it.

    W. J. Conover, Practical Nonparametric Statistics: the number of values under the true quantile is binomial.
    """
    low, high = _ranks(len(ordered), at)
    return (ordered[low - 1], ordered[high - 1]) if low and high else None


def difference_interval(part: int, whole: int, part_before: int, whole_before: int) -> Interval:
    """Of the share now less the share before: R. G. Newcombe (1998), method 10."""
    now, before = part / whole, part_before / whole_before
    (low, high), (low_before, high_before) = wilson(part, whole), wilson(part_before, whole_before)
    down = math.hypot(now - low, high_before - before)
    up = math.hypot(high - now, before - low_before)
    return now - before - down, now - before + up


def rate_interval(count: int, weeks: int = 1) -> Interval:
    """Of what such weeks bring on average: the score interval of a Poisson mean."""
    centre, spread = count + Z_95**2 / 2, Z_95 * math.sqrt(count + Z_95**2 / 4)
    return max(0.0, centre - spread) / weeks, (centre + spread) / weeks


def part_interval(count: int, count_before: int) -> Interval:
    """Of this week's part of all the events."""
    return wilson(count, count + count_before)


def mean_interval(values: Sequence[float]) -> Interval | None:
    if len(values) < LEAST_FOR_MEANS:
        return None
    spread = Z_95 * math.sqrt(_variance(values) / len(values))
    return fmean(values) - spread, fmean(values) + spread


def means_differ(values: Sequence[float], values_before: Sequence[float]) -> bool:
    """Both must hold at least LEAST_FOR_MEANS values."""
    error = math.sqrt(_variance(values) / len(values) + _variance(values_before) / len(values_before))
    return abs(fmean(values) - fmean(values_before)) > Z_95 * error


def _variance(values: Sequence[float]) -> float:
    """Of a sample. `statistics.variance` counts in fractions, which costs thirty times as much."""
    mean = fmean(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


@lru_cache(maxsize=4096)
def _ranks(n: int, at: float) -> tuple[int, int]:
    """Of the two values, counted from 1; 0 where there is none. Figures of one week have few different n."""
    low = high = 0
    under = 0.0  # chance that at most `rank` values lie under the quantile
    likely = max(0, math.floor(n * at - 10 * math.sqrt(n * at * (1 - at))))  # fewer never do
    for rank in range(likely, n):
        under += _binomial(n, rank, at)
        if under <= _TAIL:
            low = rank + 1
        if under >= 1 - _TAIL:
            high = rank + 1
            break
    return low, high


def _binomial(n: int, k: int, chance: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(chance) + (n - k) * math.log1p(-chance))
