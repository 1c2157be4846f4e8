"""The same defect found twice is said once: by two readings in other words, or by a rule and by the model. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain import Dropped, Finding
from bot.regex import regex
from bot.review.quote import Place
from bot.review.rank import BEYOND
from bot.review.words import says_when
from bot.rules.record import LOSS

_FAMILIES = (
    {"missing-timeout", "ineffective-timeout", "server-timeout", "hang-never-settled", "lost-context"},
    {"unbounded-retry", "non-idempotent-retry", "busy-loop", "busy-wait", "thundering-herd"},
    {"missing-circuit-breaker", "circuit-breaker-state", "missing-bulkhead", "pool-exhaustion"},
    {"unbounded-concurrency", "unbounded-queue", "no-backpressure", "n-plus-one"},
    {"unbounded-growth", "unbounded-cache", "unbounded-read"},
    {"unbounded-growth", "resource-leak", "goroutine-leak", "lock-hazard"},
    {"resource-leak", "client-per-call", "goroutine-leak", "pool-exhaustion", "hang-never-settled", "lock-hazard"},
    {"fire-and-forget", "unhandled-async-error", "unhandled-error", "swallowed-error", "ignored-cancellation"},
    {"swallowed-error", "broad-catch", "lost-cause", "log-hygiene", "observability", "panic-on-error"},
    {"shutdown-ordering", "ignored-cancellation", "lost-signal", "lost-context", "hang-never-settled"},
    {"stale-cache", "missing-graceful-degradation", "swallowed-error", "unhandled-error"},
    {"blocking-in-async", "lock-hazard", "missing-timeout"},
    {"correctness", "lock-hazard", "mutable-default"},
    {"correctness", "security", "maintainability", "tests"},
)
"""Classes that one defect is often filed under, by this reader or that."""
_NEAR = 3
"""Lines between two places that may still be one defect."""
_BESIDE = 1
"""Lines between where a rule's point and the model's begin, for them to be one."""
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]{2,}")
_QUOTED = regex(r"`([^`\n]+)`")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "the and for that this with when then from into not but has have are was its can will each all any one two "
        "call calls called error value return returns code line function method class none null true false self else",
    )
)
_LIKE = 0.4
"""Share of the words of two titles in common, from which they say the same."""
_MANY_NAMES = 3
"""Names of the code that both speak of, from which they mean the same though they file it under unlike classes."""


class Found(NamedTuple):
    """A finding of the model: of which part of the change, and by which reading."""

    part: int
    reading: str
    finding: Finding


class MergedReadings(NamedTuple):
    kept: list[Found]
    dropped: list[Dropped]


class Merged(NamedTuple):
    kept: list[Finding]
    dropped: list[Dropped]


def is_repeated(finding: Finding, other: Finding) -> bool:
    """True where one class is named twice for one place."""
    return finding.path == other.path and finding.class_ == other.class_ and _place(finding).overlaps(_place(other))


def is_same_defect(finding: Finding, other: Finding) -> bool:
    """True where two readers mean one defect, by its place, their classes, the names they speak of, their titles."""
    if finding.path != other.path or finding.side != other.side:
        return False
    if is_repeated(finding, other):
        return True
    here, there = _place(finding), _place(other)
    overlaps = here.overlaps(there)
    if not overlaps and _gap(here, there) > _NEAR and not (finding.scope and finding.scope == other.scope):
        return False
    alike = _alike(_words(finding.title), _words(other.title)) >= _LIKE
    names = _spoken_of(finding) & _spoken_of(other)
    if finding.class_ == other.class_:
        return alike
    if here.start_line == there.start_line and len(names) >= _MANY_NAMES:
        return True  # how many lines are quoted varies from one reader to the next
    return _are_kin(finding.class_, other.class_) and (alike or (overlaps and len(names) > 1))


def is_told_by_rule(finding: Finding, rule: Finding) -> bool:
    """True where a finding of the model is the defect a rule names.

    A rule speaks of what was taken away or is missing, the model of what comes of it: the two share few words. What the
    model says right where a protection went is what follows, whatever its class.
    """
    if is_same_defect(finding, rule):
        return True
    if finding.path != rule.path or finding.side != rule.side or abs(finding.start_line - rule.start_line) > _BESIDE:
        return False
    if rule.kind.endswith(LOSS):
        return True
    is_there = finding.start_line == rule.start_line and _are_kin(finding.class_, rule.class_)
    return is_there and bool(_spoken_of(finding) & _spoken_of(rule))


def merged_readings(found: Iterable[Found]) -> MergedReadings:
    """Of findings that say the same the surest one, as grave as the gravest, with a suggestion of any.

    One that is held to less is taken before one that is BEYOND, and is as sure as the surest: that a second reader
    files a defect under correctness must not silence the first. What one reading tells apart stays apart, unless it is
    one class at one place.
    """
    kept: list[Found] = []
    dropped: list[Dropped] = []
    for one in sorted(found, key=lambda one: (-one.finding.confidence, -one.finding.severity.rank)):
        at = next((at for at, other in enumerate(kept) if _is_twin(one, other)), None)
        if at is None:
            kept.append(one)
            continue
        first, second = _told_first(kept[at], one)
        kept[at] = first._replace(finding=_joined(first.finding, second.finding))
        dropped.append(_duplicate(second.finding, kept[at].finding))
    return MergedReadings(kept, dropped)


def _told_first(one: Found, other: Found) -> tuple[Found, Found]:
    is_beyond = one.finding.class_ in BEYOND and other.finding.class_ not in BEYOND
    return (other, one) if is_beyond else (one, other)


def _joined(finding: Finding, twin: Finding) -> Finding:
    graver = max(finding.severity, twin.severity, key=lambda severity: severity.rank)
    surer = max(finding.confidence, twin.confidence)
    is_at_one_place = _place(finding) == _place(twin)
    suggestion = finding.suggestion or (twin.suggestion if is_at_one_place else None)
    return finding.model_copy(update={"severity": graver, "confidence": surer, "suggestion": suggestion})


def with_rules(by_rules: Iterable[Finding], by_model: Iterable[Finding]) -> Merged:
    """Where both found one defect: the rule's finding in its own words, then the model's where they say more.

    No text that speaks to the model can so reword what a rule says.
    """
    rules, kept, dropped = list(by_rules), list[Finding](), list[Dropped]()
    for finding in by_model:
        at = next((at for at, rule in enumerate(rules) if is_told_by_rule(finding, rule)), None)
        if at is None:
            kept.append(finding)
            continue
        if _says_more(finding, rules[at]):
            rules[at] = rules[at].model_copy(update={"body": f"{rules[at].body}\n\n**Here:** {finding.body}"})
        dropped.append(_duplicate(finding, rules[at]))
    return Merged([*rules, *kept], dropped)


def _says_more(finding: Finding, rule: Finding) -> bool:
    return is_more_concrete(finding, rule) or not is_same_defect(finding, rule)


def is_more_concrete(finding: Finding, other: Finding) -> bool:
    """True where its body says when it happens, and speaks of more of the names in the code than the other's."""
    return says_when(finding.body) and len(_spoken_of(finding)) > len(_spoken_of(other))


def _is_twin(one: Found, other: Found) -> bool:
    if one.finding.fingerprint == other.finding.fingerprint:
        return True
    is_same = is_repeated if one.reading == other.reading else is_same_defect
    return is_same(one.finding, other.finding)


def _place(finding: Finding) -> Place:
    return Place(finding.start_line, finding.end_line)


def _duplicate(finding: Finding, twin: Finding) -> Dropped:
    detail = f"of {twin.rule} from the {twin.source} at line {twin.start_line}"
    return Dropped(finding=finding, rule=finding.rule, path=finding.path, reason="duplicate", detail=detail)


def _gap(here: Place, there: Place) -> int:
    return max(here.start_line, there.start_line) - min(here.end_line, there.end_line)


def _are_kin(class_: str, other: str) -> bool:
    return any(class_ in family and other in family for family in _FAMILIES)


def _spoken_of(finding: Finding) -> set[str]:
    """Names of the code that its words take up."""
    quoted = {name for span in _QUOTED.findall(f"{finding.title} {finding.body}") for name in _NAME.findall(span)}
    in_code = set(_NAME.findall(finding.evidence)) & set(_NAME.findall(f"{finding.title} {finding.body}"))
    return {name for name in quoted | in_code if name.lower() not in _COMMON}


def _words(text: str) -> set[str]:
    return {word.lower().rstrip("s") for word in _NAME.findall(text)} - _COMMON


def _alike(some: set[str], others: set[str]) -> float:
    return len(some & others) / len(some | others) if some | others else 0.0
