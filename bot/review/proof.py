"""What became of a point that nobody raises any more. Pure. On doubt it stays open: `fixed` needs the code's proof.

Fixed means: the reader that raised it read the file again, found its way in that scope and is silent there; and the
quoted code is no longer as it was, by more than other names, another layout or a new place. A call that went out of
sight behind another one is not proven.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from bot.domain import Finding, PatchStatus
from bot.review.head import Head
from bot.review.likeness import callees, differs_only_in_names, likeness, quoted_lines
from bot.review.matching import Seen, is_same_family
from bot.review.outline import CodeLine, squashed
from bot.review.seeming import only_seems_mended
from bot.review.trace import Trace, covered


@dataclass(frozen=True)
class Verdict:
    """`counts`: whether an open point still weighs on the check; not where the rules themselves see nothing there."""

    state: Literal["open", "fixed", "stale"]
    because: str = ""
    counts: bool = False


def _doubt(because: str, counts: bool = True) -> Verdict:
    return Verdict("open", because, counts)


def what_became(trace: Trace, seen: Sequence[Seen], head: Head) -> Verdict:
    """Of a point that matches no finding of this head."""
    finding = trace.point.finding
    if finding.rule in head.rules_off or finding.class_ in head.rules_off:
        return Verdict("stale", "policy has switched its rule off")
    if finding.source == "model" and head.is_kept_from_model:
        return Verdict("stale", "policy lets no model judge it any more")
    if trace.path is None:
        return _without_file(finding, head)
    if trace.outline is None:
        skipped = head.skipped.get(trace.path)
        if skipped is not None and skipped.expected:
            return Verdict("stale", f"its file is not read any more: {skipped.reason}")
        return _doubt("its file was not read at this head")
    if finding.source == "model" and trace.path not in head.read_by_model:
        return _doubt("the model did not read its file again")
    if finding.source == "rule" and trace.path not in head.alarms:
        return _doubt("the rules could not read its file")
    if not trace.outline.has(finding.scope):
        if trace.outline.broken or _stands_in(trace.outline.lines, finding):
            return _doubt("its function is gone, its code is not", counts=finding.source == "model")
        return Verdict("stale", f"`{finding.scope}` is gone")
    if trace.outline.is_broken(finding.scope):
        return _doubt("the code around it does not parse")
    return _by_model(trace, seen) if finding.source == "model" else _by_rule(trace, seen, head)


def _without_file(finding: Finding, head: Head) -> Verdict:
    patch = head.change.by_path.get(finding.path)
    if patch is not None and patch.status is PatchStatus.REMOVED:
        return Verdict("stale", "its file was deleted")
    if head.change.unlisted_files:
        return _doubt("the host did not list every changed file")
    return Verdict("stale", "its file is no longer part of the change")


def _by_rule(trace: Trace, seen: Sequence[Seen], head: Head) -> Verdict:
    finding = trace.point.finding
    alarms = [
        alarm
        for alarm in head.alarms[trace.path or ""]
        if is_same_family(alarm, finding) and alarm.scope == finding.scope
    ]
    brought = {one.finding.fingerprint for one in seen}
    of_base = [alarm for alarm in alarms if alarm.fingerprint not in brought]
    if _is_of_base(trace, of_base):
        return Verdict("stale", "the base has it, too")
    if not trace.is_certain:
        return _doubt("equal code stands beside it", counts=False)
    if trace.is_kept and not trace.is_split:
        if _is_header(finding) and not trace.lost_others and _has_more_inside(trace):
            because = only_seems_mended(trace, head.alarms[trace.path or ""])
            return _doubt(because, counts=False) if because else Verdict("fixed")
        return _doubt("its code stands as it was", counts=False)
    accounted = sum(quoted_lines(alarm.evidence) == quoted_lines(finding.evidence) for alarm in alarms)
    if _occurrences(trace.lines, finding) > accounted:
        return _doubt("its code stands elsewhere in the scope", counts=False)
    if because := _is_only_renamed(trace, with_literals=False) or _lost_a_call(trace):
        return _doubt(because, counts=False)
    if finding.rule in head.judge_known_calls and _lost_sight(trace):
        return _doubt("the rules know its call no more", counts=False)
    if because := only_seems_mended(trace, head.alarms[trace.path or ""]):
        return _doubt(because, counts=False)
    return Verdict("fixed")


def _by_model(trace: Trace, seen: Sequence[Seen]) -> Verdict:
    finding = trace.point.finding
    for one in (one.finding for one in seen):
        if one.path == trace.path and one.scope == finding.scope and is_same_family(one, finding):
            return _doubt("the same is said of its scope")
    if not trace.is_certain or trace.is_kept:
        return _doubt("its code stands as it was")
    if trace.outline is not None and _stands_in(trace.outline.lines, finding):
        return _doubt("its code stands elsewhere in the file")
    if because := _is_only_renamed(trace, with_literals=True) or _lost_a_call(trace):
        return _doubt(because)
    return Verdict("fixed")


def _is_of_base(trace: Trace, of_base: Sequence[Finding]) -> bool:
    """True where an alarm that this change does not bring stands on the point's own line."""
    if trace.is_certain:
        return any(line.number in covered(of_base) for line in trace.kept)
    names = (trace.point.fingerprint, trace.point.finding.fingerprint)
    return any(alarm.fingerprint in names for alarm in of_base)


def _is_header(finding: Finding) -> bool:
    """Of a loop or a handler only the first line is quoted; what was wrong lies inside."""
    return squashed(finding.evidence).endswith((":", "{"))


def _has_more_inside(trace: Trace) -> bool:
    """True where lines were written into the block that the quoted line opens, and none was taken out of the scope."""
    header = trace.kept[-1].number
    following = [line for line in trace.lines if line.number > header]
    inside = []
    depth = trace.kept[-1].indent
    for line in following:
        if line.indent <= depth:
            break
        inside.append(line.number)
    return any(line.number in inside for line in trace.written)


def _occurrences(lines: Sequence[CodeLine], finding: Finding) -> int:
    """How often the whole quote stands there, whatever the layout."""
    code = "".join(line.text for line in lines)
    quote = "".join(quoted_lines(finding.evidence))
    return code.count(quote) if quote else 0


def _stands_in(lines: Sequence[CodeLine], finding: Finding) -> bool:
    return _occurrences(lines, finding) > 0


def _is_only_renamed(trace: Trace, with_literals: bool) -> str:
    """A line is compared with the one most like it among those that took its place."""
    changed = [line for line, fate in zip(trace.quoted, trace.fates, strict=False) if fate.kept is None]
    replacing = [line.code for line in trace.replacing]
    if not changed or not replacing:
        return ""
    only_names = all(differs_only_in_names(old, _heir(old, replacing), with_literals) for old in changed)
    return "only names changed in it" if only_names else ""


def _lost_a_call(trace: Trace) -> str:
    """A call that gave way to another one may go on behind it."""
    before = callees(trace.point.finding.evidence)
    now = callees("\n".join(line.code for line in trace.lines))
    instead = callees("\n".join(line.code for line in trace.replacing)) - before
    return "another call took the place of its own" if instead and before - now else ""


def _lost_sight(trace: Trace) -> bool:
    """True where its call goes on, but as one of which nothing is known: another import, another receiver."""
    here = (*trace.kept, *trace.replacing)
    goes_on = callees(trace.point.finding.evidence) & callees("\n".join(line.code for line in here))
    known = trace.outline.known if trace.outline else frozenset()
    return bool(goes_on) and not any(line.number in known for line in here)


def _heir(line: str, replacing: Sequence[str]) -> str:
    return max(replacing, key=partial(likeness, line))
