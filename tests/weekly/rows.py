"""Rows as the ledger gives them, for a week that is told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.timeline import WEEK_ROWS, WeekRows
from bot.weekly.facts import Facts
from bot.weekly.making import facts_of
from bot.weekly.week import Week
from tests.weekly.by_hand import CASES, REPOSITORY, TEAM, events_of, pull_request_of

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Week("2026-W44", BERLIN)
MONDAY = datetime(2026, 10, 26, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 11, 2, 7, tzinfo=UTC)


def no_rows(since: str | None = "2026-09-01T00:00:00Z") -> WeekRows:
    rows: WeekRows = {name: [] for name in WEEK_ROWS}
    rows["repositories"] = [{"id": TEAM, "repository": REPOSITORY, "recorded_since": since}]
    return rows


def by_hand(week: Week = WEEK) -> WeekRows:
    """The pull requests written down by hand, as of the end of that week."""
    rows = no_rows()
    rows["pull_requests"] = [pull_request_of(number, case.author, **dict(case.row)) for number, case in CASES.items()]
    events = [event for number, case in CASES.items() for event in events_of(number, case.lines)]
    rows["events"] = [event for event in events if datetime.fromisoformat(event["at"]) < week.ends]
    return rows


def facts(rows: WeekRows, week: Week = WEEK, made_at: datetime = MONDAY_AFTER, **more: Any) -> Facts:
    return facts_of(rows, week, REPOSITORY, made_at, **more)


def row(name: str, **values: Any) -> dict[str, Any]:
    """A row of that list: every key there, null where it is not given."""
    assert values.keys() <= set(WEEK_ROWS[name]), "a key the ledger does not give"
    return dict.fromkeys(WEEK_ROWS[name]) | values


def at(hours: float) -> str:
    """So many hours after the week's Monday 00:00 UTC, an hour after the week has begun."""
    return (MONDAY + timedelta(hours=hours)).isoformat()


def shown(week: Facts, *names: str) -> list[tuple[str, int, int]]:
    """Text, n and number missing of those figures."""
    figures = [week.figure(name) for name in names]
    return [(figure.text, figure.n, figure.missing) for figure in figures]
