"""Posture over time: how many calls a service makes and how many wait without a limit, at any moment on record."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.posture import Dependency, PostureChange, PostureMap, Protection, State
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
    return sorted((_step(row) for row in rows), key=lambda step: (step.at, step.repository_id))


def calls_at(moment: datetime, maps: Sequence[Row], steps: Sequence[Step]) -> tuple[int, int]:
    """(calls, unprotected ones) of every repository whose map was kept: forwards from its map, or backwards."""
    calls = unprotected = 0
    for row in maps:
        kept_at = parsed(row["at"])
        posture = PostureMap.from_json(json.loads(row["map"]))
        mine = [step for step in steps if step.repository_id == row["repository_id"]]
        forth = [step for step in mine if kept_at < step.at < moment]
        back = [step for step in mine if moment <= step.at <= kept_at]
        calls += max(0, posture.call_count + _calls(forth) - _calls(back))
        unprotected += max(0, _unprotected_sites(posture.dependencies) + _bare(forth) - _bare(back))
    return calls, min(calls, unprotected)


def _step(row: Row) -> Step:
    change = PostureChange.from_json(json.loads(row["change"]))
    timeouts = [(one.before, one.after) for one in change.changed if one.protection == "timeout"]
    return Step(
        at=parsed(row["merged_at"]),
        repository_id=row["repository_id"],
        calls_added=row["calls_added"],
        calls_removed=row["calls_removed"],
        unprotected_added=_unprotected_sites(change.added) + sum(_is_bare(b) > _is_bare(a) for a, b in timeouts),
        unprotected_removed=_unprotected_sites(change.removed) + sum(_is_bare(a) > _is_bare(b) for a, b in timeouts),
        gained=row["gained"],
        lost=row["lost"],
    )


def _unprotected_sites(dependencies: Iterable[Dependency]) -> int:
    return sum(len(one.sites) for one in dependencies if _is_bare(one.protections.timeout))


def _is_bare(timeout: Protection) -> bool:
    """What cannot be told is not counted."""
    return timeout.state is State.NO


def _calls(steps: Iterable[Step]) -> int:
    return sum(step.calls_added - step.calls_removed for step in steps)


def _bare(steps: Iterable[Step]) -> int:
    return sum(step.unprotected_added - step.unprotected_removed for step in steps)
