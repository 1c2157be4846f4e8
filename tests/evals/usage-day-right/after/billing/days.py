"""Which stretch of time a billing day is: from midnight to midnight, by the clock of the account."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Window(NamedTuple):
    """From `starts`, up to and without `ends`. Both UTC."""

    starts: datetime
    ends: datetime


def window_of(day: date, zone: ZoneInfo) -> Window:
    """The day where the account is."""
    starts, ends = (_midnight(midnight, zone) for midnight in (day, day + timedelta(days=1)))
    return Window(starts, ends)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Where it begins, in UTC. Days there have 23 to 25 hours."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def last_full_day(now: datetime, zone: ZoneInfo) -> date:
    """The last day that is over there."""
    return now.astimezone(zone).date() - timedelta(days=1)
