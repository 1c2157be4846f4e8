"""Which week is asked for: the one under way, or one by its name."""

from typing import Final

from bot.dashboard.desk import Desk
from bot.errors import NotFound
from bot.weekly.week import Week

EARLIEST: Final = 2008
"""GitHub's first year: nobody has a week before it."""


def this_week(desk: Desk) -> Week:
    return Week.of(desk.now(), desk.zone)


def week_named(desk: Desk, name: str) -> Week:
    """Raises UsageError where that names no week, NotFound where it has not begun or lies before all record."""
    now = this_week(desk)
    week = Week(name, now.zone)
    if week.starts > now.starts or week.monday.year < EARLIEST:
        raise NotFound(f"{week.name} has not begun, or lies before all record.")
    return week
