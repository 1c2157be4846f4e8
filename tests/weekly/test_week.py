"""Weeks and working hours of a time zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.weekly.week import Week, WorkingTime
from tests.weekly.rows import BERLIN

ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Beirut")]
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(ZONES)
QUICKLY = settings(max_examples=40, deadline=None)
hour = timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "starts", "hours"),
    [
        ("2026-W47", "2026-11-15T23:00:00+00:00", 168),
        ("2026-W43", "2026-10-18T22:00:00+00:00", 169),  # clocks go back on its Sunday
        ("2026-W13", "2026-03-22T23:00:00+00:00", 167),  # and forward on this one's
        ("2026-W53", "2026-12-27T23:00:00+00:00", 168),  # ends on 3 January
        ("2025-W01", "2024-12-29T23:00:00+00:00", 168),  # begins in the year before
    ],
)
def test_a_week_goes_from_monday_to_monday_on_the_clocks_of_its_zone(name: str, starts: str, hours: int) -> None:
    week = Week(name, BERLIN)
    assert week.starts.isoformat() == starts
    assert (week.ends - week.starts) / hour == hours


@pytest.mark.parametrize("name", ["2026-W54", "2025-W53", "2026-W00", "2026-47", "", "W47", "2026-W7", "0000-W01"])
def test_what_is_no_week_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no week"):
        Week(name, BERLIN)


def test_midnight_that_clocks_skip_is_the_moment_of_the_skip() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # 2026-03-29 begins at 01:00 there
    assert Week.of(datetime(2026, 3, 28, 22, tzinfo=UTC), beirut) == Week("2026-W13", beirut)
    assert WorkingTime(beirut, frozenset({6}), time(), time(2)).hours(
        datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
    ) == 1  # fmt: skip


def test_the_last_week_over_ends_with_sunday() -> None:
    monday = datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert Week.last_over(monday, BERLIN).name == "2026-W46"
    assert Week.last_over(monday - timedelta(seconds=1), BERLIN).name == "2026-W45"


@given(moments, zones)
@QUICKLY
def test_each_moment_lies_in_one_week(moment: datetime, zone: ZoneInfo) -> None:
    week = Week.of(moment, zone)
    assert week.holds(moment)
    assert not week.back(1).holds(moment)
    assert not week.back(-1).holds(moment)
    assert week.back(1).ends == week.starts
    assert week.back(60).back(-60) == week


BUSINESS = WorkingTime(BERLIN)


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2026-10-26T08:00Z", "2026-10-26T10:30Z", 2.5),
        ("2026-10-26T03:00Z", "2026-10-26T23:00Z", 8),  # nobody works by night
        ("2026-10-23T14:00Z", "2026-10-26T09:00Z", 2),  # over the weekend and the change of clocks
        ("2026-10-24T00:00Z", "2026-10-25T20:00Z", 0),  # a weekend
        ("2026-10-22T07:00Z", "2026-10-29T08:00Z", 40),  # a week, though 1 h longer: 09:00 to 09:00 in Berlin
        ("2026-12-28T00:00Z", "2027-01-04T00:00Z", 40),  # holidays are not known
        ("2026-10-26T12:00Z", "2026-10-26T11:00Z", 0),  # backwards
    ],
)
def test_working_hours_are_those_of_working_days_on_local_clocks(begins: str, ends: str, hours: float) -> None:
    assert BUSINESS.hours(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) == hours


@pytest.mark.parametrize(("day", "hours"), [(29, 3), (28, 4)])
def test_an_hour_that_clocks_skip_is_not_worked(day: int, hours: int) -> None:
    night = WorkingTime(BERLIN, frozenset(range(7)), opens=time(0), closes=time(4))
    noon = datetime(2026, 3, day, 12, tzinfo=UTC)
    assert night.hours(noon - timedelta(hours=14), noon) == hours


@given(st.lists(moments, min_size=3, max_size=3).map(sorted), zones, st.frozensets(st.integers(0, 6)))
@QUICKLY
def test_working_hours_add_up_and_are_never_more_than_went_by(
    three: list[datetime], zone: ZoneInfo, days: frozenset[int]
) -> None:
    first, second, third = three[0], three[0] + (three[1] - three[0]) / 100, three[0] + (three[2] - three[0]) / 100
    working = WorkingTime(zone, days)
    whole = working.hours(first, third)
    assert 0 <= whole <= (third - first) / hour + 1e-6
    assert working.hours(first, second) + working.hours(second, third) == pytest.approx(whole, abs=1e-6)
