"""Figures and charts of a week, as pages show them: last week beside this week so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request, url_for

from bot.dashboard.desk import Desk
from bot.dashboard.weeks_asked import this_week
from bot.weekly.week import Week

if TYPE_CHECKING:
    from bot.weekly.facts import Facts
    from bot.weekly.figure import Figure


@dataclass(frozen=True)
class Pair:
    last: "Figure"
    so_far: "Figure"


@dataclass(frozen=True)
class Shown:
    """Figures of one group."""

    name: str
    title: str
    question: str
    pairs: Sequence[Pair]

    @property
    def is_measured(self) -> bool:
        return any(pair.last.is_known or pair.so_far.is_known for pair in self.pairs)


@dataclass(frozen=True)
class Picture:
    """A chart in an `img`, with what it says for who does not see it, and its numbers."""

    url: str
    alt: str
    title: str
    series: Sequence[object]


def weeks_shown(desk: Desk) -> tuple[Week, Week]:
    """This week, and the one before."""
    now = this_week(desk)
    return now, now.back(1)


def pairs(so_far: "Facts", last: "Facts", wanted: Mapping[str, Sequence[str]]) -> list[Shown]:
    """The figures named, in that order; groups and figures that are not there are passed over."""
    groups = {group.name: group for group in last.groups}
    return [
        Shown(name, groups[name].title, groups[name].question, tuple(_pairs(so_far, last, names)))
        for name, names in wanted.items()
        if name in groups
    ]


def _pairs(so_far: "Facts", last: "Facts", names: Sequence[str]) -> Iterator[Pair]:
    now = {figure.name: figure for group in so_far.groups for figure in group.figures}
    then = {figure.name: figure for group in last.groups for figure in group.figures}
    for name in names:
        if name in now and name in then:
            yield Pair(then[name], now[name])


def chart_pictures(facts: "Facts", repository: str = "") -> list[Picture]:
    """What is worth drawing of twelve weeks."""
    from bot.weekly.charts import alt_text, charts_of

    narrowed = repository or request.args.get("repository", "").strip()
    arguments: dict[str, Any] = {"repository": narrowed} if narrowed else {}
    return [
        Picture(
            url_for("dashboard.chart", name=chart.name, week=facts.week, **arguments),
            alt_text(chart.title, chart.series),
            chart.title,
            chart.series,
        )
        for chart in charts_of(facts)
    ]
