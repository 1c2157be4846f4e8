"""A figure as it is printed: never without its definition, unit, how many it is made of and how many are missing."""

from typing import Literal

from pydantic import Field

from bot.domain.record import Record

Change = Literal["higher", "lower", "no clear change", "not enough"]
"""Against the four weeks before. `not enough`: too little on either side, or nothing that could be compared."""
Aggregate = Literal["median", "p75", "p90", "mean", "count", "share", "sum", "ratio"]
Interval = tuple[float, float]


class Earlier(Record):
    """The same figure over the four weeks before. Counts and sums are those of an average week."""

    value: float | None = None
    text: str
    n: int = 0
    missing: int = 0
    interval: Interval | None = None
    why: str = ""


class Figure(Record):
    """Such as pickup: 4.2 h, median of 23 merged pull requests, 1 missing."""

    name: str = Field(description="In kebab case; never changed once released. pickup, pickup-p90, posted …")
    title: str
    value: float | None = Field(default=None, description="In `unit`; a share as a fraction of 1; null: see `why`")
    unit: Literal["h", "%", "", "US$", "lines", "tokens"] = Field(description="`%`: the value is a fraction of 1")
    text: str = Field(description="Value and unit for people: `4.2 h`, `63%`, `US$ 1.20`; `too few`, `withheld` …")
    aggregate: Aggregate
    n: int = Field(description="How many the figure is made of")
    of: str = Field(description="What `n` counts: `merged pull requests`")
    missing: int = Field(default=0, description="How many belong to it and are not known")
    definition: str = Field(description="One sentence, of which the value is the answer")
    interval: Interval | None = Field(default=None, description="95 %, in the unit of the value")
    before: Earlier | None = None
    change: Change = "not enough"
    is_good: Literal["higher", "lower"] | None = Field(default=None, description="Which way is good, where one is")
    why: str = Field(default="", description="Why there is no value: too few, not measured, withheld; empty otherwise")

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def is_better(self) -> bool | None:
        """None where there is no clear change, or neither way is good."""
        if self.is_good is None or self.change not in ("higher", "lower"):
            return None
        return self.change == self.is_good


class Group(Record):
    """Figures that answer one question: `flow`, `delivery`, `value`, `resilience`."""

    name: str
    title: str
    question: str
    figures: tuple[Figure, ...] = ()


class SeriesPoint(Record):
    week: str
    value: float | None = Field(default=None, description="null where the week has too few, or is withheld")
    n: int = 0


class Series(Record):
    """One figure over the last twelve weeks, for a chart; its name, title and unit are the figure's."""

    name: str
    title: str
    unit: str
    points: tuple[SeriesPoint, ...] = Field(description="Oldest first, one for each week, the week itself last")
