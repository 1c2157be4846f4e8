"""From rows to facts: every figure of a week, compared with the weeks before, and told only where it may be."""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from bot.domain.timeline import WeekRows
from bot.weekly.chronicle import Chronicle, Span, span_of_week, within
from bot.weekly.classes import class_records
from bot.weekly.facts import Facts, IncidentFact
from bot.weekly.figure import Earlier, Figure, Group, Interval, Series, SeriesPoint
from bot.weekly.life import Lives
from bot.weekly.metric import TEAM, Metric
from bot.weekly.metrics import groups
from bot.weekly.mutes import muted_rules
from bot.weekly.noise import TESTS
from bot.weekly.receipts import receipts_of
from bot.weekly.sample import Absent, Sample
from bot.weekly.saying import said
from bot.weekly.week import Week, WorkingTime
from bot.weekly.worth_doing import worth_doing

WEEKS_CHARTED: Final = 12
WEEKS_BEFORE: Final = 4
LATE_NAMED: Final = 5
PRODUCTION: Final = frozenset({"production", "prod"})


def span_of(week: Week) -> tuple[str, str]:
    """What to ask of the ledger's `week_rows`: since and until, ISO 8601 in UTC."""
    return week.back(WEEKS_CHARTED - 1).starts.isoformat(), week.ends.isoformat()


def facts_of(
    rows: WeekRows,
    week: Week,
    subject: str,
    made_at: datetime,
    working: WorkingTime | None = None,
    production: Collection[str] = PRODUCTION,
    told: Lives | None = None,
) -> Facts:
    """Everything of the week. `rows` are those of `span_of(week)`; `production` names its environments. `told` is
    shared by weeks of the same repositories that are made one after the other."""
    as_of = min(made_at.astimezone(UTC), week.ends)
    with _kept_from_the_collector():
        found = _facts(
            rows,
            Chronicle(rows, as_of, working or WorkingTime(week.zone), production, told),  # gone by the end of this
            week,
            subject,
            made_at,
        )
        return found.model_copy(update={"worth_doing": worth_doing(found, rows)})


@contextmanager
def _kept_from_the_collector() -> Iterator[None]:
    """All that is made of the rows is needed to the end, and then goes by itself: to look through it again and again
    would take a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _facts(rows: WeekRows, chronicle: Chronicle, week: Week, subject: str, made_at: datetime) -> Facts:
    span, before = span_of_week(week), chronicle.before(week, WEEKS_BEFORE)
    return Facts(
        subject=subject,
        repositories=tuple(sorted(row["repository"] for row in rows["repositories"])),
        week=week.name,
        zone=week.zone.key,
        starts=_iso(week.starts),
        ends=_iso(week.ends),
        made_at=_iso(made_at),
        is_over=made_at >= week.ends,
        groups=tuple(
            Group(
                name=group.name,
                title=group.title,
                question=group.question,
                figures=tuple(_figure(metric, chronicle, span, before) for metric in group.metrics),
            )
            for group in groups()
        ),
        series=tuple(
            _series(metric, chronicle, week) for group in groups() for metric in group.metrics if metric.is_charted
        ),
        classes=class_records(within(chronicle.points, span)),
        receipts=receipts_of(within(chronicle.reviews, span)),
        stale=tuple(one for one in chronicle.waiting if one.is_stale or one.blocked_by),
        incidents=tuple(
            IncidentFact(
                id=row["id"], title=row["title"], url=row["url"], at=_iso(at), class_=row["class"],
                verdict=row["verdict"],
            )
            for at, row in chronicle.incidents
            if span.holds(at)
        ),
        muted=muted_rules(
            within(chronicle.muted, span),
            {row["id"]: row["repository"] for row in rows["repositories"]},
            chronicle.as_of,
        ),
        notes=_notes(chronicle, week, before),
    )  # fmt: skip


def sample_of(metric: Metric, chronicle: Chronicle, span: Span) -> Sample:
    """Withheld where too few people were active for it; where nobody was and nothing happened, it points at nobody."""
    sample = metric.take(chronicle, span)
    authors = chronicle.authors(span) if metric.least_authors else 0
    if authors >= metric.least_authors or not (authors or sample.n):
        return sample
    people = "1 person was" if authors == 1 else f"{authors} people were"
    return Absent(f"withheld: {people} active, and with fewer than {metric.least_authors} it would point at one")


def _figure(metric: Metric, chronicle: Chronicle, span: Span, before: Span | None) -> Figure:
    now = sample_of(metric, chronicle, span)
    earlier = sample_of(metric, chronicle, before) if before and metric.is_compared else None
    return Figure(
        name=metric.name,
        title=metric.title,
        value=_rounded(now.value),
        unit=metric.unit,
        text=said(now, metric.unit),
        aggregate=metric.aggregate,
        n=now.n,
        of=metric.of,
        missing=now.missing,
        definition=metric.definition,
        interval=_bounds(now.interval()),
        before=_earlier(earlier, metric.unit) if earlier else None,
        change=now.against(earlier) if earlier else "not enough",
        is_good=metric.is_good,
        why=now.why,
    )


def _earlier(sample: Sample, unit: str) -> Earlier:
    return Earlier(
        value=_rounded(sample.value),
        text=said(sample, unit),
        n=sample.n,
        missing=sample.missing,
        interval=_bounds(sample.interval()),
        why=sample.why,
    )


def _series(metric: Metric, chronicle: Chronicle, week: Week) -> Series:
    points = []
    for back in reversed(range(WEEKS_CHARTED)):
        one = week.back(back)
        is_on_record = chronicle.recorded_since is not None and one.ends > chronicle.recorded_since
        sample = sample_of(metric, chronicle, span_of_week(one)) if is_on_record else Absent("not on record")
        points.append(SeriesPoint(week=one.name, value=_rounded(sample.value), n=sample.n))
    return Series(name=metric.name, title=metric.title, unit=metric.unit, points=tuple(points))


def _notes(chronicle: Chronicle, week: Week, before: Span | None) -> tuple[str, ...]:
    notes = list(TESTS)
    if before is None:
        notes.append("Nothing is compared: no earlier week is on record whole.")
    elif before.weeks < WEEKS_BEFORE:
        notes.append(f"Compared with {before.weeks} of the {WEEKS_BEFORE} weeks before: the record begins then.")
    if 0 < chronicle.authors(span_of_week(week)) < TEAM:
        notes.append(f"Fewer than {TEAM} people were active: figures that would point at one of them are withheld.")
    late = chronicle.recorded_late(week.starts)
    notes += [f"{name} is on record only since {since:%Y-%m-%d}." for name, since in late[:LATE_NAMED]]
    if more := len(late[LATE_NAMED:]):
        notes.append(f"{more} more repositories are on record for less than four weeks before.")
    if chronicle.as_of < week.ends:
        notes.append(f"The week is not over: told as of {chronicle.as_of:%Y-%m-%d %H:%M} UTC.")
    return tuple(notes)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _bounds(interval: Interval | None) -> Interval | None:
    return None if interval is None else (round(interval[0], 4), round(interval[1], 4))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
