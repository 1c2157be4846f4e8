"""Facts of other weeks: across the year's end, of small teams, of records that begin late, and of weeks under way."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.timeline import WeekRows
from bot.weekly.facts import Facts
from bot.weekly.making import span_of
from bot.weekly.week import Week
from tests.weekly.by_hand import REPOSITORY, events_of, pull_request_of
from tests.weekly.rows import BERLIN, MONDAY_AFTER, WEEK, by_hand, facts, no_rows

TURN_OF_YEAR = Week("2026-W53", BERLIN)


def rows_of(week: Week, authors: list[str], weeks: int = 1) -> WeekRows:
    """Each author's pull request is opened on each Monday at 12:00, picked up after 3 hours, merged after 4."""
    rows = no_rows()
    for back in range(weeks):
        opened = week.back(back).starts + timedelta(hours=12)
        for author in authors:
            number = len(rows["pull_requests"]) + 1
            rows["pull_requests"].append(pull_request_of(number, author))
            begin, end = (f"{opened + timedelta(hours=hours):%m-%d %H:%M}" for hours in (0, 4))
            review = f"{opened + timedelta(hours=3):%m-%d %H:%M}"
            lines = f"{begin} opened {author}\n{review} reviewed fay state=approved\n{end} merged fay"
            rows["events"] += events_of(number, lines, opened.year)
    return rows


def told(rows: WeekRows, week: Week = WEEK) -> Facts:
    return facts(rows, week, week.ends + timedelta(hours=9))


TEAM = ["ana", "ben", "cleo", "dan", "eve"]


def test_a_week_over_the_turn_of_the_year_is_one_week() -> None:
    rows = no_rows()
    rows["pull_requests"] = [pull_request_of(number, TEAM[number % 5]) for number in range(1, 7)]
    for number in range(1, 4):  # merged on 31 December
        rows["events"] += events_of(number, "12-31 08:00 opened\n12-31 09:00 reviewed fay\n12-31 10:00 merged fay")
    for number in range(4, 7):  # opened on 31 December, merged on 1 January
        rows["events"] += events_of(number, "12-31 12:00 opened")
        rows["events"] += events_of(number, "01-01 08:00 reviewed fay\n01-01 10:00 merged fay", 2027)
    week = told(rows, TURN_OF_YEAR)
    assert week.figure("throughput").value == 6
    # 1 1 [1 20] 20 20
    assert week.figure("pickup").value == pytest.approx(10.5)
    # 1 1 [1, 12:00-16:00 and 08:00-08:00 UTC: 4] 4 4
    assert week.figure("pickup-working").value == pytest.approx(2.5)
    assert told(rows, TURN_OF_YEAR.back(1)).figure("throughput").value == 0
    assert [point.week for point in week.series[0].points][-2:] == ["2026-W52", "2026-W53"]


def test_a_weekend_on_which_clocks_go_forward_is_an_hour_shorter() -> None:
    lines = "03-27 15:00 opened ana\n03-30 08:00 reviewed fay\n03-30 09:00 merged fay"
    rows = no_rows(since="2026-01-01T00:00:00Z")
    for number, author in enumerate(TEAM, start=1):
        rows["pull_requests"].append(pull_request_of(number, author))
        rows["events"] += events_of(number, lines)
    week = told(rows, Week("2026-W14", BERLIN))
    # Friday 16:00 to Monday 10:00 on the clocks of Berlin: 66 h on them, 65 h in truth; an hour of work on each day.
    assert week.figure("pickup").value == 65
    assert week.figure("pickup-working").value == 2


@pytest.mark.parametrize(
    ("people", "hidden", "shown"),
    [
        (5, [], ["throughput", "cycle", "size", "pickup", "review", "rework", "merged-unreviewed", "self-merged"]),
        (
            4,
            ["pickup", "pickup-working", "review", "merge", "coding", "review-depth", "rework", "reworked"],
            ["opened"],
        ),
        (4, ["merged-unreviewed", "self-merged", "reworked"], ["throughput", "time-to-merge", "waiting", "posted"]),
        (1, ["throughput", "opened", "cycle", "time-to-merge", "size", "reverts", "pickup"], ["waiting", "reviews"]),
    ],
)
def test_what_would_point_at_one_person_is_withheld(people: int, hidden: list[str], shown: list[str]) -> None:
    week = told(rows_of(WEEK, TEAM[:people] * (8 // people), weeks=2))
    for name in hidden:
        figure = week.figure(name)
        assert (figure.value, figure.text, figure.n, figure.interval) == (None, "withheld", 0, None)
        least, were = (2 if people == 1 and name != "pickup" else 5), "person was" if people == 1 else "people were"
        assert figure.why == f"withheld: {people} {were} active, and with fewer than {least} it would point at one"
    assert not [name for name in shown if week.figure(name).text == "withheld"]
    for series in week.series:
        if series.name in hidden:
            assert all(point.value is None for point in series.points[-2:])
    assert any("Fewer than 5 people" in note for note in week.notes) == (people < 5)


def test_four_weeks_before_are_told_as_an_average_week() -> None:
    week = told(rows_of(WEEK, TEAM, weeks=5))
    throughput, pickup = week.figure("throughput"), week.figure("pickup")
    assert throughput.before is not None
    assert (throughput.before.value, throughput.before.n, throughput.change) == (5, 20, "no clear change")
    assert pickup.before is not None
    assert (pickup.before.value, pickup.before.n, pickup.text) == (3, 20, "3 h")


def test_a_record_that_begins_two_weeks_before_compares_with_two() -> None:
    rows = rows_of(WEEK, TEAM, weeks=3)
    rows["repositories"][0]["recorded_since"] = WEEK.back(2).starts.isoformat()
    week = told(rows)
    throughput = week.figure("throughput")
    assert throughput.before is not None
    assert throughput.before.value == 5
    assert "Compared with 2 of the 4 weeks before: the record begins then." in week.notes
    assert [point.value for point in week.series[0].points] == [None] * 9 + [5, 5, 5]


def test_a_record_that_begins_within_the_week_compares_with_nothing() -> None:
    rows = by_hand()
    rows["repositories"][0]["recorded_since"] = (WEEK.starts + timedelta(days=1)).isoformat()
    week = told(rows)
    assert week.figure("throughput").before is None
    assert "Nothing is compared: no earlier week is on record whole." in week.notes
    assert "harbour/pier is on record only since 2026-10-26." in week.notes


def test_many_repositories_that_are_on_record_late_are_counted() -> None:
    rows = by_hand()
    late = (WEEK.starts - timedelta(days=6)).isoformat()
    rows["repositories"] += [{"id": 20 + n, "repository": f"harbour/quay{n}", "recorded_since": late} for n in range(7)]
    notes = told(rows).notes
    assert [note for note in notes if "on record" in note] == [
        *(f"harbour/quay{n} is on record only since 2026-10-19." for n in range(5)),
        "2 more repositories are on record for less than four weeks before.",
    ]


def test_a_week_under_way_is_told_as_of_now() -> None:
    week = facts(by_hand(), made_at=WEEK.starts + timedelta(days=3))
    assert not week.is_over
    assert "The week is not over: told as of 2026-10-28 23:00 UTC." in week.notes
    assert facts(by_hand(), made_at=WEEK.ends).is_over


def test_a_week_that_is_told_later_is_told_the_same() -> None:
    now, later = facts(by_hand()), facts(by_hand(), made_at=MONDAY_AFTER + timedelta(days=40))
    assert later == now.model_copy(update={"made_at": later.made_at})


def test_a_week_of_which_nothing_is_known_is_told_without_a_guess() -> None:
    rows = {name: [] for name in no_rows()}
    week = facts(rows)
    assert {figure.text for group in week.groups for figure in group.figures} <= {
        "0", "US$ 0.00", "too few", "not measured",
    }  # fmt: skip
    assert all(figure.change == "not enough" for group in week.groups for figure in group.figures)


def test_twelve_weeks_are_asked_of_the_ledger() -> None:
    since, until = span_of(WEEK)
    assert datetime.fromisoformat(since) == Week("2026-W33", BERLIN).starts
    assert datetime.fromisoformat(until) == WEEK.ends == datetime(2026, 11, 1, 23, tzinfo=UTC)


def test_the_same_rows_make_another_week_in_another_zone() -> None:
    auckland = Week("2026-W44", ZoneInfo("Pacific/Auckland"))  # over at 11:00 UTC on Sunday, an hour before 33 merged
    week = facts(by_hand(), auckland)
    assert week.ends == "2026-11-01T11:00:00+00:00"
    assert week.figure("throughput").value == 26


def test_the_facts_name_what_they_are_made_of() -> None:
    week = facts(no_rows())
    assert (week.subject, week.repositories, week.week) == (REPOSITORY, (REPOSITORY,), WEEK.name)
    assert (week.zone, week.starts, week.ends) == (
        "Europe/Berlin", "2026-10-25T23:00:00+00:00", "2026-11-01T23:00:00+00:00",
    )  # fmt: skip
