"""Whose turn it is: each case a short life, its end on Friday 2026-10-30 at noon UTC."""

from datetime import UTC, datetime

import pytest

from bot.weekly.history import history_of
from bot.weekly.waiting import waiting, waiting_of
from tests.weekly.by_hand import events_of, pull_request_of

NOON = datetime(2026, 10, 30, 12, tzinfo=UTC)
OPENED = "10-26 08:00 opened ana is_draft=false head_sha=h1\n"


@pytest.mark.parametrize(
    ("lines", "turn", "since", "blocked_by"),
    [
        ("", "reviewer", "26T08", ""),
        ("10-27 09:00 pushed ana", "reviewer", "26T08", ""),
        ("10-27 09:00 reviewed seawall[bot] state=changes-requested", "reviewer", "26T08", ""),
        ("10-27 09:00 reviewed ben state=commented", "author", "27T09", ""),
        ("10-27 09:00 commented ben place=conversation", "author", "27T09", ""),
        ("10-27 09:00 reviewed ben state=commented\n10-27 10:00 commented ana", "reviewer", "27T10", ""),
        ("10-27 09:00 reviewed ben state=changes-requested", "author", "27T09", "changes requested"),
        (
            "10-27 09:00 reviewed ben state=changes-requested\n10-28 09:00 pushed ana\n10-29 09:00 pushed ana",
            "reviewer", "28T09", "changes requested",
        ),
        (
            "10-27 09:00 reviewed ben state=changes-requested\n10-28 09:00 review-requested ana",
            "reviewer", "28T09", "changes requested",
        ),
        (
            "10-27 09:00 reviewed ben state=changes-requested\n10-28 09:00 reviewed ben state=approved",
            "merge", "28T09", "",
        ),
        (
            "10-27 09:00 reviewed ben state=approved\n10-28 09:00 reviewed cleo state=changes-requested",
            "author", "28T09", "changes requested",
        ),
        (
            "10-27 09:00 reviewed ben state=changes-requested review_id=5\n"
            "10-28 09:00 reviewed cleo state=dismissed review_id=5",
            "author", "28T09", "",
        ),
        ("10-27 09:00 reviewed ben state=approved", "merge", "27T09", ""),
        ("10-27 09:00 reviewed ben state=approved\n10-28 09:00 pushed ana", "merge", "28T09", ""),
        ("10-27 09:00 reviewed ben state=approved\n10-28 09:00 reviewed ben state=commented", "merge", "27T09", ""),
        ("10-27 09:00 drafted ana\n10-28 09:00 ready ana", "reviewer", "28T09", ""),
        ("10-27 09:00 checked ci[bot] conclusion=failure sha=h1", "author", "27T09", "failed checks"),
        ("10-27 09:00 checked ci[bot] conclusion=failure sha=h0", "reviewer", "26T08", ""),
        (
            "10-27 09:00 checked ci[bot] conclusion=failure sha=h1 app=ci\n"
            "10-27 10:00 checked ci[bot] conclusion=success sha=h1 app=lint",
            "author", "27T09", "failed checks",
        ),
        (
            "10-27 09:00 checked ci[bot] conclusion=failure sha=h1 app=ci\n"
            "10-27 10:00 checked ci[bot] conclusion=success sha=h1 app=ci",
            "reviewer", "26T08", "",
        ),
        ("10-27 09:00 checked ci[bot] conclusion=failure sha=h1\n10-28 09:00 pushed ana", "reviewer", "26T08", ""),
        (
            "10-27 09:00 checked ci[bot] conclusion=failure sha=h1\n10-28 09:00 pushed ana head_sha=h2",
            "reviewer", "26T08", "",
        ),
        (  # found on looking back: nobody had announced the head
            "10-27 08:00 pushed ana\n10-27 09:00 checked conclusion=failure sha=h2 app=ci is_head=true",
            "author", "27T09", "failed checks",
        ),
        (
            "10-27 09:00 checked conclusion=failure sha=h2 app=ci is_head=true\n10-28 09:00 pushed ana",
            "reviewer", "26T08", "",
        ),
    ],
)  # fmt: skip
def test_whose_turn_it_is(lines: str, turn: str, since: str, blocked_by: str) -> None:
    history = history_of(pull_request_of(1, "ana"), events_of(1, OPENED + lines))
    assert history is not None
    told = waiting_of(history, NOON)
    assert (told.turn, told.since, told.blocked_by) == (turn, f"2026-10-{since}:00:00+00:00", blocked_by)


@pytest.mark.parametrize(
    ("lines", "is_stale"),
    [
        ("10-23 11:00 opened ana is_draft=false", True),
        ("10-23 13:00 opened ana is_draft=false", False),
        ("10-20 08:00 opened ana is_draft=false\n10-24 08:00 commented ben", False),
        ("10-20 08:00 opened ana is_draft=false\n10-29 08:00 commented ci[bot]", True),
        ("10-20 08:00 opened ana is_draft=false\n10-29 08:00 checked ci conclusion=success sha=a", True),
    ],
)
def test_what_no_person_has_touched_for_seven_days_is_stale(lines: str, is_stale: bool) -> None:
    history = history_of(pull_request_of(1, "ana"), events_of(1, lines))
    assert history is not None
    assert waiting_of(history, NOON).is_stale is is_stale


def test_closed_ones_and_drafts_wait_for_nobody() -> None:
    lives = [OPENED + "10-27 09:00 closed ana", OPENED + "10-27 09:00 drafted ana", OPENED + "10-27 09:00 merged ana"]
    histories = [
        history_of(pull_request_of(number, "ana"), events_of(number, life)) for number, life in enumerate(lives)
    ]
    assert waiting([one for one in histories if one], NOON) == []


def test_without_an_opening_and_a_date_there_is_no_history() -> None:
    assert history_of(pull_request_of(1, "ana"), []) is None
    assert history_of(pull_request_of(1, "ana"), events_of(1, "10-27 09:00 pushed ana")) is not None


def test_events_of_kinds_that_are_not_known_are_passed_over() -> None:
    events = events_of(1, OPENED + "10-27 09:00 transferred ana")
    history = history_of(pull_request_of(1, "ana"), events)
    assert history is not None
    assert [one.event for one in history.moments] == ["opened"]
