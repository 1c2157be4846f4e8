"""What was said by class of defects, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable

from bot.domain.tally import Tally, wilson
from bot.domain.timeline import Row
from bot.weekly.facts import ClassRecord


def tally_of(points: Iterable[Row]) -> Tally:
    """Points by their fate; a dismissed one is disputed."""
    fates = ["disputed" if row["fate"] == "dismissed" else row["fate"] for row in points]
    told = ("fixed", "accepted", "disputed", "ignored")
    return Tally(posted=len(fates), **{name: fates.count(name) for name in told})


def class_records(points: Iterable[Row]) -> tuple[ClassRecord, ...]:
    """Of points said; the class of which most was said first."""
    by_class: defaultdict[str, list[Row]] = defaultdict(list)
    for row in points:
        by_class[row["class"]].append(row)
    records = [_record(class_, tally_of(rows)) for class_, rows in by_class.items()]
    return tuple(sorted(records, key=lambda record: (-record.posted, record.class_)))


def _record(class_: str, tally: Tally) -> ClassRecord:
    low, high = wilson(tally.heeded, tally.judged)
    return ClassRecord(
        class_=class_,
        posted=tally.posted,
        fixed=tally.fixed,
        accepted=tally.accepted,
        disputed=tally.disputed,
        ignored=tally.ignored,
        open=tally.posted - tally.judged,
        precision=round(tally.heeded / tally.judged, 4) if tally.judged else None,
        low=round(low, 4),
        high=round(high, 4),
    )
