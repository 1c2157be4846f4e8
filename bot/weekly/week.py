"""Weeks as people live them: ISO weeks and working hours in the organisation's time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import UsageError

_NAME: Final = re.compile(r"(\d{4})-W(\d{2})")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY_TO_FRIDAY: Final = frozenset(range(5))


@dataclass(frozen=True)
class Week:
    """An ISO week of a time zone, from Monday 00:00 to the next one: 167 hours when clocks go forward, 169 when back.

    `Week("2026-W47", ZoneInfo("Europe/Berlin"))`. Raises UsageError for a name that is no week.
    """

    name: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        found = _NAME.fullmatch(self.name)
        try:
            if not found:
                raise ValueError
            date.fromisocalendar(int(found[1]), int(found[2]), 1)
            (self.starts, self.ends)  # noqa: B018 — a week at the edge of the calendar has none
        except (ValueError, OverflowError):
            raise UsageError(f"“{self.name}” is no week. Write one such as 2026-W47.") from None

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> "Week":
        """The week in which a moment (with a zone) lies."""
        year, week, _ = moment.astimezone(zone).isocalendar()
        return cls(f"{year:04}-W{week:02}", zone)

    @classmethod
    def last_over(cls, now: datetime, zone: ZoneInfo) -> "Week":
        """The latest week that is over."""
        return cls.of(now, zone).back(1)

    @cached_property
    def monday(self) -> date:
        return date.fromisocalendar(int(self.name[:4]), int(self.name[6:]), 1)

    @cached_property
    def starts(self) -> datetime:
        """UTC; within the week."""
        return midnight(self.monday, self.zone)

    @cached_property
    def ends(self) -> datetime:
        """UTC; no longer within it."""
        return midnight(self.monday + timedelta(days=7), self.zone)

    def back(self, weeks: int) -> "Week":
        """So many weeks earlier; later where negative."""
        year, week, _ = (self.monday - timedelta(weeks=weeks)).isocalendar()
        return Week(f"{year:04}-W{week:02}", self.zone)

    def holds(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends


@dataclass(frozen=True)
class WorkingTime:
    """When the organisation works: days (0 is Monday), and hours of the clock on each of them."""

    zone: ZoneInfo
    days: frozenset[int] = MONDAY_TO_FRIDAY
    opens: time = time(9)
    closes: time = time(17)

    def hours(self, begins: datetime, ends: datetime) -> float:
        """Working hours between two moments; 0 where the second is not later. Clocks that go forward or back within
        the working day shorten or lengthen it."""
        total = timedelta()
        day, last = begins.astimezone(self.zone).date(), ends.astimezone(self.zone).date()
        while day <= last:
            if day.weekday() in self.days:
                opened, closed = at_clock(day, self.opens, self.zone), at_clock(day, self.closes, self.zone)
                total += max(timedelta(), min(ends, closed) - max(begins, opened))
            day += timedelta(days=1)
        return total / timedelta(hours=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return at_clock(day, time(), zone)


@lru_cache(maxsize=4096)
def at_clock(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time of that day, in UTC: the first where clocks show it twice, as far after the skip where they skip it."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
