"""What must hold of any history, whatever happened in it and in whatever order it was heard of."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.weekly.chronicle import Chronicle, Span, span_of_week
from bot.weekly.course import Course, course_of, working_pickup_h
from bot.weekly.history import NO_TIME, history_of
from bot.weekly.metrics.flow import GROUP
from bot.weekly.waiting import waiting_of
from bot.weekly.week import WorkingTime
from tests.weekly.by_hand import TEAM, pull_request_of
from tests.weekly.rows import BERLIN, WEEK, by_hand, facts, no_rows

BEGIN = datetime(2026, 10, 22, tzinfo=UTC)
PARTS = ("coding", "pickup", "review", "merge", "unreviewed", "aside")
QUICKLY = settings(max_examples=40, deadline=None)
EVENTS = ("first-commit", "drafted", "ready", "pushed", "commented", "reviewed", "closed", "reopened", "merged")


@st.composite
def event(draw: st.DrawFn, number: int = 1) -> dict[str, Any]:
    name = draw(st.sampled_from(EVENTS))
    details: dict[str, Any] = {}
    if name == "reviewed":
        details["state"] = draw(st.sampled_from(["approved", "changes-requested", "commented", "dismissed"]))
        details["review_id"] = draw(st.integers(1, 4))
    if name == "commented":
        details = {"place": draw(st.sampled_from(["code", "conversation"])), "id": draw(st.integers(1, 99))}
    at = BEGIN + timedelta(minutes=draw(st.integers(-600, 14 * 24 * 60)))
    actor = draw(st.sampled_from(["ana", "ben", "cleo", "ci[bot]", ""]))
    return row(number, name, at, actor, details)


def row(number: int, name: str, at: datetime, actor: str = "", details: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "repository_id": TEAM, "number": number, "event": name, "at": at.isoformat(), "actor": actor,
        "details": json.dumps(details or {}),
    }  # fmt: skip


@st.composite
def life(draw: st.DrawFn, number: int = 1) -> list[dict[str, Any]]:
    opened = row(number, "opened", BEGIN, "ana", {"is_draft": draw(st.booleans())})
    events = [opened, *draw(st.lists(event(number), max_size=14))]
    if draw(st.booleans()):
        events.append(row(number, "merged", BEGIN + timedelta(minutes=draw(st.integers(0, 14 * 24 * 60))), "ben"))
    return events


def told(events: list[dict[str, Any]]) -> Course:
    history = history_of(pull_request_of(1, "ana"), events)
    assert history is not None
    return course_of(history)


@given(life(), st.randoms())
@QUICKLY
def test_the_order_in_which_events_are_heard_does_not_matter(events: list[dict[str, Any]], dice: Any) -> None:
    shuffled = dice.sample(events, len(events))
    assert history_of(pull_request_of(1, "ana"), shuffled) == history_of(pull_request_of(1, "ana"), events)


@given(life())
@QUICKLY
def test_no_part_of_a_course_is_negative(events: list[dict[str, Any]]) -> None:
    course = told(events)
    assert all(getattr(course, part) is None or getattr(course, part) >= NO_TIME for part in PARTS)
    history = history_of(pull_request_of(1, "ana"), events)
    assert history is not None
    assert (working_pickup_h(history, WorkingTime(BERLIN)) or 0) >= 0
    assert all(one.ends is None or one.begins < one.ends for one in history.stretches)
    if history.is_live():
        assert waiting_of(history, BEGIN + timedelta(days=15)).waited_h >= 0


@given(life())
@QUICKLY
def test_the_parts_of_a_course_add_up_to_the_whole(events: list[dict[str, Any]]) -> None:
    course = told(events)
    if course.to_merge is not None:
        told_parts = [getattr(course, part) or NO_TIME for part in PARTS]
        assert sum(told_parts[1:], NO_TIME) == course.to_merge
        if course.cycle is not None:
            assert sum(told_parts, NO_TIME) == course.cycle


@given(life())
@QUICKLY
def test_time_as_a_draft_never_makes_pickup_longer(events: list[dict[str, Any]]) -> None:
    without = [row(1, "opened", BEGIN, "ana", {"is_draft": False})]
    without += [one for one in events[1:] if one["event"] not in ("drafted", "ready")]
    course, plain = told(events), told(without)
    if course.pickup is not None:
        assert plain.pickup is not None
        assert course.pickup <= plain.pickup


@given(life())
@QUICKLY
def test_hearing_of_everything_twice_changes_no_course(events: list[dict[str, Any]]) -> None:
    assert told(events + events) == told(events)


@given(st.integers(1, 5).flatmap(lambda count: st.tuples(*(life(number + 1) for number in range(count)))))
@settings(max_examples=15, deadline=None)
def test_what_is_counted_week_by_week_adds_up(lives: tuple[list[dict[str, Any]], ...]) -> None:
    rows = no_rows()
    rows["pull_requests"] = [pull_request_of(number + 1, "ana") for number in range(len(lives))]
    rows["events"] = [one for events in lives for one in events]
    chronicle = Chronicle(rows, WEEK.back(-3).ends, WorkingTime(BERLIN), {"production"})
    weeks = [WEEK.back(back) for back in range(2, -4, -1)]
    whole = Span(weeks[0].starts, weeks[-1].ends)
    for metric in GROUP.metrics:
        if metric.name in ("throughput", "opened", "reverts", "reworked", "merged-unreviewed", "cycle", "review"):
            parts = [metric.take(chronicle, span_of_week(week)) for week in weeks]
            total = metric.take(chronicle, whole)
            assert sum(part.n for part in parts) == total.n
            assert sum(part.missing for part in parts) == total.missing


@given(st.randoms())
@settings(max_examples=5, deadline=None)
def test_the_facts_are_the_same_in_whatever_order_rows_come(dice: Any) -> None:
    rows = by_hand()
    for name in ("events", "pull_requests"):
        rows[name] = dice.sample(rows[name], len(rows[name]))
    assert facts(rows) == facts(by_hand())
