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
    starts = datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
    return Window(starts, starts + timedelta(days=1))


def last_full_day(now: datetime, zone: ZoneInfo) -> date:
    """The last day that is over there."""
    return now.astimezone(zone).date() - timedelta(days=1)
