"""Days by the clock of an account."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from billing.days import last_full_day, window_of

AUCKLAND, BERLIN = ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Berlin")


def test_a_day_begins_at_the_accounts_midnight() -> None:
    window = window_of(date(2026, 6, 10), AUCKLAND)
    assert window.starts == datetime(2026, 6, 9, 12, tzinfo=UTC)
    assert window.ends == datetime(2026, 6, 10, 12, tzinfo=UTC)


def test_the_days_on_which_clocks_change_join_without_gap_or_overlap() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        window = window_of(day, BERLIN)
        assert (window.ends - window.starts).total_seconds() == hours * 3600
        assert window.ends == window_of(day + timedelta(days=1), BERLIN).starts


def test_the_last_full_day_is_the_accounts_yesterday() -> None:
    now = datetime(2026, 6, 10, 13, tzinfo=UTC)
    assert last_full_day(now, AUCKLAND) == date(2026, 6, 10)
    assert last_full_day(now, BERLIN) == date(2026, 6, 9)
