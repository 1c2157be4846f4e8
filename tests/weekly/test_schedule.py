"""When a week is told: by the organisation's clock, once, whatever the clocks of machines and of summer do."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.weeks import moment_of, rounds
from bot.settings import load_settings
from bot.settings.groups import Weekly
from bot.weekly.schedule import due, due_of
from bot.weekly.week import DAYS, Week

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Kiritimati")


def weekly(**more: Any) -> Weekly:
    return load_settings({}, None, weekly=more).weekly


def told(now: str, **more: Any) -> tuple[str, str]:
    """The week that is to be told at that moment, and since when."""
    found = due(datetime.fromisoformat(now), weekly(**more))
    return found.week.name, found.at.isoformat()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T07:59:59+00:00", "2026-W46"),
        ("2026-11-23T08:00:00+00:00", "2026-W47"),
        ("2026-11-25T12:00:00+00:00", "2026-W47"),
        ("2026-11-29T23:59:59+00:00", "2026-W47"),
        ("2026-11-30T07:59:59+00:00", "2026-W47"),
        ("2026-11-30T08:00:00+00:00", "2026-W48"),
        ("2027-01-04T08:00:00+00:00", "2026-W53"),
    ],
)
def test_a_week_is_due_from_its_monday_at_eight_until_the_next(now: str, expected: str) -> None:
    assert told(now)[0] == expected


@pytest.mark.parametrize(
    ("zone", "now", "at"),
    [
        ("Europe/Berlin", "2026-11-23T12:00:00+00:00", "2026-11-23T07:00:00+00:00"),
        ("Europe/Berlin", "2026-07-06T12:00:00+00:00", "2026-07-06T06:00:00+00:00"),
        ("Asia/Kathmandu", "2026-11-23T12:00:00+00:00", "2026-11-23T02:15:00+00:00"),
        ("Pacific/Auckland", "2026-11-23T12:00:00+00:00", "2026-11-22T19:00:00+00:00"),
        ("America/New_York", "2026-11-23T14:00:00+00:00", "2026-11-23T13:00:00+00:00"),
    ],
)
def test_eight_is_eight_where_the_organisation_is(zone: str, now: str, at: str) -> None:
    assert told(now, zone=zone)[1] == at


@pytest.mark.parametrize(
    ("sunday", "before", "after"),
    [
        ("2026-03-29", "2026-03-23T07:00:00+00:00", "2026-03-30T06:00:00+00:00"),  # clocks go forward
        ("2026-10-25", "2026-10-19T06:00:00+00:00", "2026-10-26T07:00:00+00:00"),  # and back
    ],
)
def test_across_a_change_of_clocks_it_stays_at_eight(sunday: str, before: str, after: str) -> None:
    noon = f"{sunday}T12:00:00+00:00"
    assert told(noon, zone="Europe/Berlin")[1] == before
    assert told(after, zone="Europe/Berlin")[1] == after


def test_an_hour_that_the_clocks_skip_is_told_after_the_skip() -> None:
    """In Tehran, clocks went from midnight to one o'clock on Monday, 22 March 2021."""
    found = due_of(Week("2021-W11", ZoneInfo("Asia/Tehran")), weekly(zone="Asia/Tehran", at="00:30"))
    assert found.at.astimezone(ZoneInfo("Asia/Tehran")).isoformat() == "2021-03-22T01:30:00+04:30"
    just_before = found.at - timedelta(seconds=1)
    assert due(just_before, weekly(zone="Asia/Tehran", at="00:30")).week.name == "2021-W10"


def test_it_is_late_an_hour_after_its_time() -> None:
    found = due(datetime(2026, 11, 25, tzinfo=UTC), weekly())
    assert not found.is_late(found.at)
    assert not found.is_late(found.at + timedelta(hours=1))
    assert found.is_late(found.at + timedelta(hours=1, seconds=1))


def test_after_two_weeks_away_the_last_week_alone_is_due() -> None:
    back = datetime(2026, 12, 9, 15, tzinfo=UTC)
    found = due(back, weekly())
    assert found.week.name == "2026-W49"
    assert found.is_late(back)


@settings(max_examples=60)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.sampled_from(DAYS),
    st.times().map(lambda time: f"{time:%H:%M}"),
)
def test_at_every_moment_exactly_one_week_is_due(now: datetime, zone: str, day: str, at: str) -> None:
    wanted = weekly(clocks=[{"of": "acme", "zone": zone, "day": day, "at": at}]).of("acme")
    found = due(now, wanted)
    assert found.at <= now < due_of(found.week.back(-1), wanted).at
    assert found.week.ends <= found.at + timedelta(hours=1)
    assert found.at - found.week.ends < timedelta(days=7, hours=1)


@pytest.mark.parametrize("day", ["mon", "wed", "sun"])
@pytest.mark.parametrize("zone", ZONES)
def test_the_engines_clock_fires_at_that_very_moment(zone: str, day: str) -> None:
    """Fifty-three weeks, both changes of clocks among them."""
    wanted = weekly(zone=zone, day=day, at="07:45")
    begins = datetime(2026, 1, 5, 0, 1, tzinfo=ZoneInfo(zone))
    fires = croniter(moment_of(wanted)[0], begins, second_at_beginning=True)
    fired = [fires.get_next(datetime).astimezone(UTC) for _ in range(53)]
    first = Week.of(begins, ZoneInfo(zone)).back(1)
    assert fired == [due_of(first.back(-n), wanted).at for n in range(53)]


def test_each_moment_at_which_somebody_is_told_has_one_round() -> None:
    clocks = [
        {"of": "acme", "zone": "Asia/Kathmandu", "day": "sun"},
        {"of": "globex", "working_days": ["mon"]},
        {"of": "initech", "zone": "Asia/Kathmandu", "day": "sun", "opens": "10:00"},
        {"of": "acme/till", "at": "06:30"},
    ]
    assert rounds(weekly(clocks=clocks)) == {
        "weekly": ("0 0 8 * * mon", "UTC"),
        "weekly-1": ("0 0 8 * * sun", "Asia/Kathmandu"),
        "weekly-2": ("0 30 6 * * sun", "Asia/Kathmandu"),
    }
