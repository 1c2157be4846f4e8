"""Which finding of a new head is which point of the pull request. Pure.

A point is known again by where its code went: the same line of the same scope, the line that took its place, the same
code in another scope of the file, or in the file that took the old one's place. Words and line numbers tell nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import Finding
from bot.review.likeness import ALIKE, likeness, shares_a_line
from bot.review.trace import Trace, covered

_PAST = ("fixed", "stale")


@dataclass(frozen=True)
class Seen:
    """A finding of the new head. `reason`: why it is not to be said, as in `Dropped`; empty where nothing is against
    it."""

    finding: Finding
    reason: str = ""
    detail: str = ""


def match(traces: Sequence[Trace], seen: Sequence[Seen]) -> dict[int, int]:
    """Index of a point → index of its finding, one to one. Points of the past match only the very same code, and only
    what no living point claims."""
    pairs: dict[int, int] = {}
    living = [index for index, trace in enumerate(traces) if trace.point.state not in _PAST]
    past = [index for index, trace in enumerate(traces) if trace.point.state in _PAST]
    _pair(pairs, traces, seen, living, lambda trace, finding: _weight(trace, finding, alarmed_for(trace, seen)))
    _pair(pairs, traces, seen, past, _weight_of_past)
    return pairs


def is_same_family(finding: Finding, other: Finding) -> bool:
    """Rules are told apart by their name; the model's findings by their class, since it is not strict with kinds."""
    if finding.source == "rule" and other.source == "rule":
        return finding.rule == other.rule
    return finding.class_ == other.class_


def alarmed_for(trace: Trace, seen: Sequence[Seen]) -> frozenset[int]:
    """The lines of its file of which something is said that could be the point."""
    there = (one.finding for one in seen if one.finding.path == trace.path)
    return covered([finding for finding in there if is_same_family(finding, trace.point.finding)])


def _pair(
    pairs: dict[int, int],
    traces: Sequence[Trace],
    seen: Sequence[Seen],
    group: Sequence[int],
    weigh: Callable[[Trace, Finding], float],
) -> None:
    """The heaviest pairs first; among equals in the order of the text."""
    taken = set(pairs.values())
    weighed = [
        (-weight, mine, theirs)
        for mine in group
        for theirs, one in enumerate(seen)
        if theirs not in taken
        and is_same_family(one.finding, traces[mine].point.finding)
        and (weight := weigh(traces[mine], one.finding)) > 0
    ]
    for _, mine, theirs in sorted(weighed):
        if mine not in pairs and theirs not in taken:
            pairs[mine] = theirs
            taken.add(theirs)


def _weight(trace: Trace, finding: Finding, alarmed: frozenset[int]) -> float:
    """How surely this finding is this point; 0 where it is not."""
    old = trace.point.finding
    has_name = _has_name(trace, finding)
    if trace.path != finding.path:
        is_moved = trace.is_gone and _last(old.scope) == _last(finding.scope) and _alike(old, finding) == 1
        return 900 if has_name else 100 * is_moved
    if old.scope == finding.scope:
        return _weight_in_scope(trace, finding, alarmed, has_name)
    if (trace.is_certain and trace.is_kept) or trace.is_mended_beside(alarmed):
        return 0
    alike = _alike(old, finding)
    return 300 * alike + 200 * (alike == 1) if alike >= ALIKE else 0


def _weight_in_scope(trace: Trace, finding: Finding, alarmed: frozenset[int], has_name: bool) -> float:
    here = covered([finding])
    alike = _alike(trace.point.finding, finding)
    if any(line.number in here for line in trace.kept):
        return 3000 + 100 * alike + 50 * has_name
    if any(line.number in here for line in trace.replacing):
        return 0 if trace.is_mended_beside(alarmed, alike) else 2000 + 500 * alike
    if trace.is_certain and (trace.is_kept or trace.is_mended_beside(alarmed)):
        return 0
    if "model" in (trace.point.finding.source, finding.source) and alike < ALIKE and not has_name:
        return 0
    return 1000 + 300 * has_name + 500 * alike


def _weight_of_past(trace: Trace, finding: Finding) -> float:
    old = trace.point.finding
    if (has_name := _has_name(trace, finding)) or likeness(old.evidence, finding.evidence) == 1:
        is_there = trace.path == finding.path and old.scope == finding.scope
        is_put_back = trace.point.state == "stale" and bool(old.scope) and _last(old.scope) == _last(finding.scope)
        has_lost_scope = trace.outline is not None and not trace.outline.has(old.scope)
        is_renamed = trace.point.state == "fixed" and trace.path == finding.path and has_lost_scope
        return 4 * has_name + 2 * is_there + (is_put_back or is_renamed)
    return 0


def _has_name(trace: Trace, finding: Finding) -> bool:
    return finding.fingerprint in (trace.point.fingerprint, trace.point.finding.fingerprint)


def _alike(old: Finding, finding: Finding) -> float:
    if "model" in (old.source, finding.source) and shares_a_line(old.evidence, finding.evidence):
        return 1.0
    return likeness(old.evidence, finding.evidence)


def _last(scope: str) -> str:
    return scope.rpartition(".")[2]
