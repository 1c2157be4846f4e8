"""A metric: one definition, and how its sample is taken from a time on record. Groups of them lie in `metrics/`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.weekly.chronicle import Chronicle, Span, Values
from bot.weekly.figure import Aggregate
from bot.weekly.sample import Quantile, Sample

Take = Callable[[Chronicle, Span], Sample]
Unit = Literal["h", "%", "", "US$", "lines", "tokens"]
TEAM = 5
"""With fewer people active, what one of them did would stand out of the team's figure."""
TWO = 2
"""A total of one person's is that person's."""
_QUANTILES: tuple[tuple[float, Aggregate, str, str], ...] = (
    (0.5, "median", "", ""),
    (0.75, "p75", "-p75", ", 75th percentile"),
    (0.9, "p90", "-p90", ", 90th percentile"),
)


@dataclass(frozen=True)
class Metric:
    name: str
    title: str
    unit: Unit
    aggregate: Aggregate
    of: str
    """What its n counts."""
    definition: str
    take: Take
    is_good: Literal["higher", "lower"] | None = None
    least_authors: int = 0
    """Withheld where fewer people were active."""
    is_charted: bool = False
    is_compared: bool = True
    """False for what is told only as it stands at the end of the record."""


@dataclass(frozen=True)
class MetricGroup:
    name: str
    title: str
    question: str
    metrics: tuple[Metric, ...]
    order: int


def quantiles(
    name: str,
    title: str,
    definition: str,
    of: str,
    values: Callable[[Chronicle, Span], Values],
    *,
    unit: Unit = "h",
    least_authors: int = TEAM,
    is_charted: bool = False,
) -> tuple[Metric, ...]:
    """Median, 75th and 90th percentile of the same values; a value of None is missing. Lower is good."""

    def taken(at: float) -> Take:
        return lambda chronicle, span: sample_of(chronicle.values(name, span, values), at)

    return tuple(
        Metric(
            name=name + suffix,
            title=title + words,
            unit=unit,
            aggregate=aggregate,
            of=of,
            definition=definition,
            take=taken(at),
            is_good="lower",
            least_authors=least_authors,
            is_charted=is_charted and at == _QUANTILES[0][0],
        )
        for at, aggregate, suffix, words in _QUANTILES
    )


def sample_of(values: Values, at: float) -> Quantile:
    known = [value for value in values if value is not None]
    return Quantile(known, at, missing=len(values) - len(known))
