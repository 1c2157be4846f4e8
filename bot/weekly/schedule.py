"""When a week is told: on one day, at one time of the organisation's clock, late rather than never."""

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.settings.groups import Weekly
from bot.weekly.week import DAYS, Week, at_clock

LATE_AFTER: Final = timedelta(hours=1)


class Due(NamedTuple):
    """A week whose time has come. `at`: since when, in UTC."""

    week: Week
    at: datetime

    def is_late(self, now: datetime) -> bool:
        """True where it is told so long after its time that readers should know."""
        return now - self.at > LATE_AFTER


def due(now: datetime, weekly: Weekly) -> Due:
    """The one week that is to be told now, unless it was. After a long absence it is the last one alone.

    Until that day's time has come it is the week before: who was away since then still owes that one.
    """
    latest = due_of(Week.last_over(now, ZoneInfo(weekly.zone)), weekly)
    return latest if latest.at <= now else due_of(latest.week.back(1), weekly)


def due_of(week: Week, weekly: Weekly) -> Due:
    """When that week is to be told."""
    day = week.back(-1).monday + timedelta(days=DAYS.index(weekly.day))
    return Due(week, at_clock(day, time.fromisoformat(weekly.at), week.zone))
