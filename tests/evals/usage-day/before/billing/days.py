"""Which stretch of time a billing day is."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple


class Window(NamedTuple):
    """From `starts`, up to and without `ends`. Both UTC."""

    starts: datetime
    ends: datetime


def window_of(day: date) -> Window:
    starts = datetime.combine(day, time.min, tzinfo=UTC)
    return Window(starts, starts + timedelta(days=1))


def last_full_day(now: datetime) -> date:
    """The last day that is over."""
    return now.astimezone(UTC).date() - timedelta(days=1)
