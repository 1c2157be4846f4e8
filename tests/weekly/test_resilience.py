"""Calls that came and went, and posture at the end of each week, from one map and a few changes."""

import json
from typing import Any

import pytest

from bot.domain.posture import (
    CallSite,
    Dependency,
    PostureChange,
    PostureMap,
    Protection,
    ProtectionChange,
    Protections,
    State,
    Timeout,
)
from bot.domain.timeline import WeekRows
from tests.weekly.by_hand import TEAM
from tests.weekly.rows import at, facts, no_rows, row, shown


def call(name: str, sites: int, timeout: State) -> Dependency:
    return Dependency(
        name=name,
        kind="http",
        sites=tuple(CallSite(path=f"{name}.py", line=line + 1) for line in range(sites)),
        protections=Protections(timeout=Timeout(state=timeout)),
    )


def merged(hours: float, change: PostureChange, **counts: int) -> dict[str, Any]:
    counted = {"calls_added": 0, "calls_removed": 0, "gained": 0, "lost": 0, "chains": 0} | counts
    return row(
        "posture_changes", repository_id=TEAM, number=1, merged_at=at(hours), change=json.dumps(change.to_json()),
        **counted,
    )  # fmt: skip


BREAKER = ProtectionChange(
    name="pay", kind="http", protection="breaker", site=CallSite(path="pay.py", line=3),
    before=Protection(state=State.YES), after=Protection(state=State.NO),
)  # fmt: skip


def set_to(state: State, before: State) -> ProtectionChange:
    site = CallSite(path="pay.py", line=3)
    return ProtectionChange(
        name="pay",
        kind="http",
        protection="timeout",
        site=site,
        before=Timeout(state=before),
        after=Timeout(state=state),
    )


@pytest.fixture
def posture_rows() -> WeekRows:
    """Ten calls, four of them bare, as kept on Wednesday 00:00; two changes before it and two after."""
    rows = no_rows()
    rows["reviews"] = [row("reviews", finished_at=at(hours), reason="") for hours in (1, -100)]
    posture = PostureMap(
        dependencies=(call("pay", 4, State.NO), call("mail", 5, State.YES), call("x", 1, State.UNKNOWN))
    )
    rows["posture_maps"] = [row("posture_maps", repository_id=TEAM, at=at(48), map=json.dumps(posture.to_json()))]
    rows["posture_changes"] = [
        merged(-100, PostureChange(removed=(call("old", 2, State.NO),)), calls_removed=2),
        merged(10, PostureChange(added=(call("pay", 3, State.NO), call("mail", 1, State.YES))), calls_added=4),
        merged(50, PostureChange(changed=(set_to(State.YES, State.NO), set_to(State.NO, State.YES),
                                          set_to(State.YES, State.NO), set_to(State.NO, State.UNKNOWN),
                                          set_to(State.YES, State.YES), set_to(State.NO, State.NO), BREAKER)),
               gained=2, lost=1),
        merged(300, PostureChange(added=(call("late", 9, State.NO),)), calls_added=9),
    ]  # fmt: skip
    return rows


def test_calls_without_a_timeout_that_came_and_went(posture_rows: WeekRows) -> None:
    week = facts(posture_rows)
    # Added: three of pay, one that lost its timeout, one of which it was not known before. Removed: two that got one.
    assert shown(week, "unprotected-added", "unprotected-removed", "protections-gained", "protections-lost") == [
        ("5", 2, 0), ("2", 2, 0), ("2", 2, 0), ("1", 2, 0),
    ]  # fmt: skip


def test_posture_is_told_forwards_and_backwards_from_its_map(posture_rows: WeekRows) -> None:
    week = facts(posture_rows)
    # At the end of the week: 10 calls, 4 bare + 2 - 2. At its beginning: 10 - 4 calls, 4 - 3 bare.
    assert shown(week, "calls", "unprotected") == [("10", 1, 0), ("40%", 10, 0)]
    assert week.figure("calls").before is not None
    assert week.figure("calls").before.value == 6  # type: ignore[union-attr]
    unprotected = next(one for one in week.series if one.name == "unprotected")
    # The week before 2026-W43 had two bare calls more: 3 of 8.
    assert [point.value for point in unprotected.points[-3:]] == [0.375, pytest.approx(1 / 6, abs=1e-4), 0.4]


def test_posture_is_not_measured_where_there_is_no_map_or_nothing_was_reviewed() -> None:
    week = facts(no_rows())
    assert week.figure("unprotected").text == "not measured"
    assert week.figure("unprotected-added").why == "not measured: nothing was reviewed"


def test_changes_of_a_repository_without_a_map_are_counted_but_make_no_posture(posture_rows: WeekRows) -> None:
    added = PostureChange(added=(call("far", 6, State.NO),))
    posture_rows["posture_changes"].append(merged(60, added, calls_added=6) | {"repository_id": TEAM + 1})
    assert shown(facts(posture_rows), "unprotected-added", "calls") == [("11", 3, 0), ("10", 1, 0)]


def test_a_map_that_lost_calls_nobody_saw_go_is_never_less_than_empty(posture_rows: WeekRows) -> None:
    empty = row("posture_maps", repository_id=TEAM + 1, at=at(48), map=json.dumps(PostureMap().to_json()))
    added = PostureChange(added=(call("far", 6, State.NO),))
    posture_rows["posture_maps"].append(empty)
    posture_rows["posture_changes"].append(merged(20, added, calls_added=6) | {"repository_id": TEAM + 1})
    calls = facts(posture_rows).figure("calls")
    assert calls.before is not None
    assert (calls.value, calls.before.value) == (10, 6)
