"""What the formats share: a summary as rows of plain words, before any of them dresses it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.weekly.facts import Facts, MutedRule, Waiting
from bot.weekly.figure import Figure, Series
from bot.weekly.saying import text_of
from bot.weekly.telling import against, hours_as_days, made_of, shown
from bot.weekly.worth_doing import WEIGHTS

COLUMNS: Final = ("Figure", "This week", "Made of", "Four weeks before")
MOST_WAITING: Final = 10
MOST_MUTED: Final = 10
_BARS: Final = "▁▂▃▄▅▆▇█"
_TURNS: Final = {"author": "its author", "reviewer": "a reviewer", "merge": "the merge"}


class FigureRow(NamedTuple):
    title: str
    value: str
    made_of: str
    against: str
    trend: str
    """Twelve signs, one for each week, the latest last; empty where no series is kept. A blank: no figure."""
    is_better: bool | None
    is_known: bool = True


class Section(NamedTuple):
    title: str
    question: str
    rows: tuple[FigureRow, ...]
    remarks: tuple[str, ...]
    """What is told under the figures, a line each."""


class Stalled(NamedTuple):
    where: str
    """`acme/shop#12`."""
    title: str
    url: str
    turn: str
    """`a reviewer`."""
    waited: str
    blocked_by: str


class Defined(NamedTuple):
    title: str
    value: str
    made_of: str
    definition: str
    """With its unit, 95 % interval and what its n counts."""


def sections(facts: Facts) -> tuple[Section, ...]:
    """The first figures of each group, and what is to be said of them in words."""
    series = {one.name: one for one in facts.series}
    remarks = remarks_told(facts)
    return tuple(
        Section(
            group.title,
            group.question,
            tuple(_row(figure, series.get(figure.name)) for figure in shown(group.name, group.figures)),
            remarks.get(group.name, ()),
        )
        for group in facts.groups
    )


def remarks_told(facts: Facts) -> dict[str, tuple[str, ...]]:
    """What is told in words under the figures, by the name of their group."""
    return {"value": tuple(filter(None, (receipts_told(facts), muted_told(facts))))}


def stalled(facts: Facts) -> tuple[Stalled, ...]:
    """The ten that wait longest."""
    return tuple(map(_stalled, facts.stale[:MOST_WAITING]))


def more_stalled(facts: Facts) -> int:
    return max(0, len(facts.stale) - MOST_WAITING)


def receipts_told(facts: Facts) -> str:
    """`104 reviews: 87 full, 9 rules-only, 4 partial, 4 degraded. degraded: the model did not answer (4).`"""
    receipts = facts.receipts
    if not receipts.runs:
        return ""
    kinds = ", ".join(f"{count} {coverage}" for coverage, count in receipts.by_coverage.items() if count)
    why = [f"{one.coverage}: {one.reason} ({one.runs})" for one in receipts.reasons if one.coverage != "rules-only"]
    because = f" Why not all: {'; '.join(why)}." if why else ""
    return f"{receipts.runs} review{'s' if receipts.runs != 1 else ''}: {kinds}.{because}"


def muted_told(facts: Facts) -> str:
    """`Muted this week: lock-hazard in acme/shop, by a person until 2026-11-05. “unmute” lets one speak again.`"""
    if not facts.muted:
        return ""
    named = "; ".join(map(_muted, facts.muted[:MOST_MUTED]))
    more = f"; and {len(facts.muted) - MOST_MUTED} more" if len(facts.muted) > MOST_MUTED else ""
    return f"Muted this week: {named}{more}. “unmute” lets one speak again."


def classes_told(facts: Facts) -> tuple[tuple[str, ...], ...]:
    """Rows for a table of classes: name, said, fixed, accepted, disputed, ignored, precision with its interval."""
    return tuple(
        (
            one.class_, str(one.posted), str(one.fixed), str(one.accepted), str(one.disputed), str(one.ignored),
            "nothing judged" if one.precision is None
            else f"{one.precision:.0%} ({one.low * 100:.0f}–{one.high:.0%}), n = {one.posted - one.open}",
        )
        for one in facts.classes
    )  # fmt: skip


CLASS_COLUMNS: Final = ("Class", "Said", "Fixed", "Accepted", "Disputed", "Ignored", "Heeded (95 %)")


def definitions(facts: Facts) -> Iterator[tuple[str, tuple[Defined, ...]]]:
    """Every figure, by group."""
    for group in facts.groups:
        yield group.title, tuple(map(_defined, group.figures))


def notes(facts: Facts) -> tuple[str, ...]:
    """How it was compared and ranked, and what is missing."""
    return (*facts.notes, *((WEIGHTS,) if facts.worth_doing else ()), _NOBODY)


_NOBODY: Final = "No figure is of a person, and nobody is ranked."


def incidents_told(facts: Facts) -> tuple[tuple[str, str, str], ...]:
    """(day and class, title, address) of what broke."""
    verdicts = {
        "fired": "a rule had said so", "dismissed": "it had been said and dismissed", "missing": "nothing had said so",
        "unknown": "not known whether anything had said so",
    }  # fmt: skip
    return tuple(
        (
            f"{one.at[:10]}{f', {one.class_}' if one.class_ else ''}: {verdicts.get(one.verdict, one.verdict)}",
            one.title,
            one.url,
        )
        for one in facts.incidents
    )


def sparkline(series: Series) -> str:
    """`▂▃ ▅▇`: from nothing to the highest of the twelve weeks; a blank where there is no figure."""
    top = max((point.value or 0 for point in series.points), default=0)
    return "".join(
        " " if point.value is None else _BARS[min(7, int(point.value / top * 7.99)) if top else 0]
        for point in series.points
    )


def _row(figure: Figure, series: Series | None) -> FigureRow:
    trend = sparkline(series) if series and any(point.value is not None for point in series.points) else ""
    return FigureRow(
        figure.title, figure.text, made_of(figure), against(figure), trend, figure.is_better, figure.is_known
    )


def _muted(one: MutedRule) -> str:
    reason = f" ({one.reason})" if one.reason else ""
    until = f" until {one.until[:10]}" if one.until else ""
    over = ", silent no longer" if one.is_over else ""
    return f"{one.rule} in {one.repository}, by {one.by}{reason}{until}{over}"


def _stalled(one: Waiting) -> Stalled:
    where = f"{one.repository}#{one.number}"
    return Stalled(where, one.title, one.url, _TURNS[one.turn], hours_as_days(one.waited_h), one.blocked_by)


def _defined(figure: Figure) -> Defined:
    interval = ""
    if figure.is_known and figure.interval:
        low, high = (text_of(bound, figure.unit) for bound in figure.interval)
        interval = f" 95 % interval: {low} to {high}."
    return Defined(figure.title, figure.text, made_of(figure), f"{figure.definition}{interval} n: {figure.of}.")
