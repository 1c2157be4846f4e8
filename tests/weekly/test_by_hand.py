"""The figures of a week against those computed by hand; each list below is the values of `by_hand.CASES` in order."""

import re
from datetime import timedelta

import pytest

from bot.weekly.course import Course, course_of, working_pickup_h
from bot.weekly.history import history_of
from bot.weekly.week import WorkingTime
from tests.weekly.by_hand import CASES, events_of, parts_of, pull_request_of
from tests.weekly.rows import BERLIN, WEEK, by_hand, facts

FACTS = facts(by_hand())
# All 27 merged: 1-7, 9-16, 19, 20, 22-27, 33-36. Without 8 (a bot's) and 21 (a second too late).
# Unreviewed among them: 6, 7, 23, 36. First commit unknown: 7, 11, 24, 34.
FIGURES = {
    "throughput": (27, 27, 0),
    "merged-by-bots": (1, 1, 0),
    # 1-7, 9-11, 13-18, 21-29, 31-36
    "opened": (31, 31, 0),
    # 1 2 2 2 2 3 4 4 4 4 4 [4.5] 5 6 6 6 (7 26) 28 (31 50) 70 145
    "cycle": (4.5, 23, 4),
    "cycle-p75": (16.5, 23, 4),  # half-way between 7 and 26: place 16.5 of 0 to 22
    "cycle-p90": (46.2, 23, 4),  # 31 + 0.8 * 19: place 19.8
    # 0.5 1 1 1 1 2 2 2 2 3 3 3 4 [4] 4 4 4 4.5 5 (6 6) 7 24 (27 50) 68 121
    "time-to-merge": (4, 27, 0),
    "time-to-merge-p75": (6, 27, 0),
    "time-to-merge-p90": (36.2, 27, 0),  # 27 + 0.4 * 23: place 23.4
    # 0 eleven times, [1] five times, (2 2) 2 (3 4) 24 25
    "coding": (1, 23, 4),
    "coding-p75": (2, 23, 4),
    "coding-p90": (3.8, 23, 4),
    # First reviewed in the week: all merged and reviewed but 19 and 20, and 17, 21, 28, 29. Open, unreviewed: 18, 31.
    # 0 0.5 1*8 2 2 [2] 2 2 2 2 3 [3] 3 4 (4 5) 24 67
    "pickup": (2, 25, 2),
    "pickup-p75": (3, 25, 2),
    "pickup-p90": (4.6, 25, 2),  # 4 + 0.6 * 1: place 21.6
    # 0 0 0 0.5 1*8 [2] 2 2 2 2 2 [2] 3 3 (3 4) 4 5
    "pickup-working": (2, 25, 2),
    "pickup-working-p75": (2, 25, 2),
    "pickup-working-p90": (3.6, 25, 2),
    # 0 thirteen times, 1 1 1 2 2 2 (2 3) 4 96
    "review": (0, 23, 0),
    "review-p75": (2, 23, 0),  # both at place 16 and 17
    "review-p90": (2.8, 23, 0),  # 2 + 0.8 * 1: place 19.8
    # 0 five times, 0.5, 1 fifteen times, 2; 16 has no standing approval
    "merge": (1, 22, 0),
    "merge-p75": (1, 22, 0),
    "merge-p90": (1, 22, 0),
    # 8 15 40 100 300
    "size": (40, 5, 22),
    "size-p75": (100, 5, 22),
    "size-p90": (None, 5, 22),
    # two on 25, one on 26 (heard twice)
    "review-depth": (3 / 27, 27, 0),
    # 2 once, 13 twice, 15 once
    "rework": (4 / 23, 23, 0),
    "reworked": (3 / 23, 23, 0),
    "merged-unreviewed": (4 / 27, 27, 0),
    # 6, 11, 16, 23; nobody knows of 24
    "self-merged": (4 / 26, 26, 1),
    "reverts": (1, 1, 0),
    # 18, 21, 28, 29, 30, 31
    "waiting": (6, 6, 0),
    "waiting-for-author": (2, 6, 0),
    "waiting-for-reviewer": (2, 6, 0),
    "waiting-for-merge": (2, 6, 0),
    "stale": (1, 6, 0),
    "blocked": (2, 6, 0),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_the_week_is_the_one_computed_by_hand(name: str) -> None:
    value, n, missing = FIGURES[name]
    figure = FACTS.figure(name)
    assert figure.value == (None if value is None else pytest.approx(value, abs=0.0001))
    assert (figure.n, figure.missing) == (n, missing)


def test_every_figure_of_flow_is_computed_by_hand() -> None:
    (flow,) = (group for group in FACTS.groups if group.name == "flow")
    assert {figure.name for figure in flow.figures} == FIGURES.keys()


@pytest.mark.parametrize("number", CASES, ids=lambda number: f"{number} {CASES[number].about}")
def test_the_course_of_a_pull_request_is_the_one_computed_by_hand(number: int) -> None:
    case = CASES[number]
    events = [event for event in events_of(number, case.lines) if event["at"] < WEEK.ends.isoformat()]
    history = history_of(pull_request_of(number, case.author, **dict(case.row)), events)
    assert history is not None
    course = course_of(history)
    parts = (course.coding, course.pickup, course.review, course.merge, course.to_merge, course.cycle)
    told = [None if part is None else part / timedelta(hours=1) for part in parts]
    told.insert(2, working_pickup_h(history, WorkingTime(BERLIN)))
    assert told == parts_of(number)


def test_what_waits_is_told_with_its_turn_and_the_longest_wait_first() -> None:
    told = [(one.number, one.turn, one.waited_h, one.is_stale, one.blocked_by) for one in FACTS.stale]
    assert told == [
        (30, "reviewer", 375.0, True, ""),
        (28, "author", 134.0, False, "changes requested"),
        (31, "author", 86.7, False, "failed checks"),
    ]


def test_no_person_stands_in_the_facts() -> None:
    people = {case.author for case in CASES.values()} - {""}
    words = set(re.findall(r"[a-z]+", FACTS.model_dump_json().lower()))
    assert not {name.removesuffix("[bot]") for name in people} & words


def test_the_weeks_before_are_withheld_where_only_three_people_were_active() -> None:
    assert FACTS.figure("pickup").before is not None
    assert FACTS.figure("pickup").before.text == "withheld"  # type: ignore[union-attr]
    assert FACTS.figure("pickup").change == "not enough"


def test_merges_after_four_weeks_without_any_are_a_change() -> None:
    throughput = FACTS.figure("throughput")
    assert throughput.before is not None
    assert (throughput.before.value, throughput.change) == (0, "higher")


def test_a_course_that_did_not_begin_has_no_parts() -> None:
    draft = history_of(pull_request_of(32, "eve"), events_of(32, CASES[32].lines))
    assert draft is not None
    assert course_of(draft) == Course(None, None, None, None, None, None, None, None)
