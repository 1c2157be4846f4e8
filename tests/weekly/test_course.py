"""Parts of a course that stand apart from time: who merged, what was pushed and said after a review, how big it was."""

import pytest

from bot.weekly.course import (
    changed_lines,
    comments_by_others,
    is_merged_by_author,
    pushes_after_review,
    standing_approval_at,
)
from bot.weekly.history import History, history_of
from tests.weekly.by_hand import events_of, pull_request_of

OPENED = "10-26 08:00 opened ana is_draft=false\n"
REVIEWED = OPENED + "10-26 10:00 reviewed ben state=approved\n"


def life(lines: str, author: str = "ana") -> History:
    history = history_of(pull_request_of(1, author), events_of(1, lines))
    assert history is not None
    return history


@pytest.mark.parametrize(
    ("merged", "author", "by_author"),
    [
        ("merged ana", "ana", True),
        ("merged Ana", "ana", True),
        ("merged ben", "ana", False),
        ("merged merge-queue[bot] merged_by=ana", "ana", True),
        ("merged ana merged_by=ben", "ana", False),
        ("merged", "ana", None),
        ("merged ben", "", None),
        ("closed ana", "ana", None),
    ],
)
def test_who_merged_is_told_by_the_host_or_by_who_did_it(merged: str, author: str, by_author: bool | None) -> None:
    opened = "10-26 08:00 opened is_draft=false\n"
    assert is_merged_by_author(life(f"{opened}10-26 09:00 {merged}", author)) is by_author


@pytest.mark.parametrize(
    ("lines", "pushes"),
    [
        (OPENED + "10-26 11:00 pushed ana", 0),
        (REVIEWED + "10-26 09:00 pushed ana", 0),
        (REVIEWED + "10-26 10:00 pushed ana", 0),
        (REVIEWED + "10-26 10:01 pushed ana\n10-26 10:02 pushed ben", 2),
        (REVIEWED + "10-26 11:00 pushed formatter[bot]\n10-26 11:01 pushed format-app is_bot=true", 0),
        (REVIEWED + "10-26 11:00 merged ben\n10-26 12:00 pushed ana", 0),
    ],
)
def test_pushes_after_review_are_those_of_people_between_it_and_the_merge(lines: str, pushes: int) -> None:
    assert pushes_after_review(life(lines)) == pushes


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ("10-26 10:00 reviewed ben state=approved\n10-26 11:00 reviewed cleo state=commented", "10:00"),
        (
            "10-26 10:00 reviewed ben state=approved\n10-26 11:00 reviewed cleo state=approved review_id=2\n"
            "10-26 12:00 reviewed cleo state=dismissed review_id=2",
            "10:00",
        ),
        ("10-26 10:00 reviewed ana state=approved", None),
        ("10-26 10:00 reviewed approver[bot] state=approved", None),
        ("10-26 10:00 commented ben place=code", None),
    ],
)  # fmt: skip
def test_an_approval_stands_until_it_is_dismissed(lines: str, at: str | None) -> None:
    approved = standing_approval_at(life(OPENED + lines))
    assert (approved and f"{approved:%H:%M}") == at


def test_a_review_of_which_only_its_dismissal_is_known_was_a_review() -> None:
    assert [one.actor for one in life(OPENED + "10-26 10:00 reviewed ben state=dismissed review_id=3").reviews] == [
        "ben"
    ]
    assert life(OPENED + "10-26 10:00 reviewed ben state=dismissed").reviews == ()


def test_being_made_ready_twice_starts_no_new_wait() -> None:
    history = life(
        OPENED + "10-26 09:00 ready ana\n10-26 10:00 drafted ana\n10-26 10:30 drafted ana\n10-26 11:00 ready ana"
    )
    told = [(f"{one.begins:%H:%M}", one.ends and f"{one.ends:%H:%M}") for one in history.stretches]
    assert told == [("08:00", "10:00"), ("11:00", None)]


def test_comments_are_counted_until_the_merge() -> None:
    lines = "10-26 09:00 commented ben place=code\n10-26 10:00 merged ben\n10-26 11:00 commented cleo place=code"
    assert comments_by_others(life(OPENED + lines)) == 1


def test_the_size_is_the_one_told_last() -> None:
    lines = "10-26 08:00 opened ana additions=5 deletions=2\n10-26 09:00 merged ben additions=7 deletions=1"
    assert changed_lines(life(lines)) == 8
    assert changed_lines(life(OPENED)) is None


def test_logins_are_compared_without_regard_to_capitals() -> None:
    assert life(OPENED + "10-26 10:00 reviewed ANA state=approved", "Ana").reviews == ()
