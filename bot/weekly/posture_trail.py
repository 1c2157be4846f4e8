"""Posture over time: how many calls a service makes and how many wait without a limit, at any moment on record.

Maps and changes are read as the JSON they are kept as: an organisation's year makes thousands of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.posture import State
from bot.domain.timeline import Row
from bot.weekly.history import parsed


@dataclass(frozen=True, slots=True)
class Step:
    """What one merged pull request changed. A call is unprotected where nothing limits its wait."""

    at: datetime
    repository_id: int
    calls_added: int
    calls_removed: int
    unprotected_added: int
    """Calls that came without a timeout, and calls that lost theirs."""
    unprotected_removed: int
    """Calls without a timeout that went, and calls that got one."""
    gained: int
    lost: int


def steps_of(rows: Iterable[Row]) -> list[Step]:
    """From rows of `posture_changes`, oldest first."""
    return sorted((step_of(row) for row in rows), key=lambda step: (step.at, step.repository_id))


@dataclass(frozen=True, slots=True)
class CallsKept:
    """What a repository's map, as last kept, comes to."""

    at: datetime
    repository_id: int
    calls: int
    unprotected: int


def calls_kept(row: Row) -> CallsKept:
    """From a row of `posture_maps`."""
    dependencies = json.loads(row["map"])["dependencies"]
    calls = sum(len(one["sites"]) for one in dependencies)
    return CallsKept(parsed(row["at"]), row["repository_id"], calls, _unprotected_sites(dependencies))


def calls_at(moment: datetime, kept: Iterable[CallsKept], steps: Sequence[Step]) -> tuple[int, int]:
    """(calls, unprotected ones) of every repository whose map was kept: forwards from its map, or backwards."""
    calls = {one.repository_id: one.calls for one in kept}
    unprotected = {one.repository_id: one.unprotected for one in kept}
    kept_at = {one.repository_id: one.at for one in kept}
    for step in steps:
        of = step.repository_id
        if of in calls and (direction := _direction(step.at, kept_at[of], moment)):
            calls[of] += direction * (step.calls_added - step.calls_removed)
            unprotected[of] += direction * (step.unprotected_added - step.unprotected_removed)
    known = [(max(0, calls[of]), max(0, unprotected[of])) for of in calls]
    return sum(many for many, _ in known), sum(min(many, bare) for many, bare in known)


def _direction(at: datetime, kept_at: datetime, moment: datetime) -> int:
    """1 for what came after the map and before the moment, -1 for what the map knows and the moment did not."""
    return (at < moment) - (at <= kept_at)


def step_of(row: Row) -> Step:
    """Of one row of `posture_changes`."""
    change = json.loads(row["change"])
    timeouts = [(one["before"], one["after"]) for one in change["changed"] if one["protection"] == "timeout"]
    lost = sum(_is_bare(after) > _is_bare(before) for before, after in timeouts)
    got = sum(_is_bare(before) > _is_bare(after) for before, after in timeouts)
    return Step(
        at=parsed(row["merged_at"]),
        repository_id=row["repository_id"],
        calls_added=row["calls_added"],
        calls_removed=row["calls_removed"],
        unprotected_added=_unprotected_sites(change["added"]) + lost,
        unprotected_removed=_unprotected_sites(change["removed"]) + got,
        gained=row["gained"],
        lost=row["lost"],
    )


def _unprotected_sites(dependencies: Iterable[Any]) -> int:
    return sum(len(one["sites"]) for one in dependencies if _is_bare(one["protections"]["timeout"]))


def _is_bare(timeout: Any) -> bool:
    """What cannot be told is not counted."""
    return bool(timeout["state"] == State.NO)
