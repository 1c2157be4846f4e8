"""Which findings are said, in what order, and which are only counted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.domain import Dropped, Finding, HeldBack, Severity
from bot.rules.linters import Left
from bot.settings import Mode, Policy
from bot.settings.taxonomy import taxonomy_groups

Heeded = Mapping[str, tuple[int, int]]
"""Class of defects → comments on it here that were heeded, and those that were judged at all."""
_PRIOR = (7, 10)
"""What a class is reckoned at before anybody judged it here: 7 of 10 heeded."""
BAR = {"rule": 0.3, "model": 0.55}
"""Of severity times confidence times record, by who found it; what is worth less is counted, not said.

A rule proves what it says, and policy's own thresholds rule it: only a bad record brings it under. A mild remark of the
model must be nearly certain, and heeded here. What loses data is always said.
"""
BEYOND = frozenset(taxonomy_groups()["code-quality"]) - {"security"}
"""Classes in which a model sees much, and people read it for what fails in production: only what is nearly certain is
said. What loses data or opens a door is not held to that."""
UNSURE = ("below-severity", "below-confidence", "below-bar")
"""Reasons by which a finding is not said, and another reader may be surer of it; by all others somebody has decided."""

HELD_BACK = (*UNSURE, "left-to-linter", "shadow", "unchallenged")
"""Reasons by which a finding that stands up is counted and not said."""


@dataclass(frozen=True)
class Ranked:
    """Findings in their order, and those that are not said."""

    findings: tuple[Finding, ...]
    """Worth saying, the weightiest first."""
    dropped: tuple[Dropped, ...]


def rank(findings: Iterable[Finding], policy: Policy, left: Left | None = None, record: Heeded | None = None) -> Ranked:
    """Drops what policy calls too mild, too uncertain or switched off there, what is left to the repository's own
    linters, what is not worth a reader's time by its record here, and what says the same twice.
    """
    record = record or {}
    kept: list[Finding] = []
    dropped: list[Dropped] = []
    seen: set[str] = set()
    places: set[tuple[str, int, str]] = set()
    for finding in sorted(findings, key=lambda finding: weight(finding, record)):
        place = (finding.path, finding.start_line, finding.class_)
        reason, detail = _unsaid(finding, policy, left, record)
        if not reason and (finding.fingerprint in seen or place in places):
            reason = "duplicate"
        if reason:
            dropped.append(Dropped(finding=finding, rule=finding.rule, path=finding.path, reason=reason, detail=detail))
        else:
            kept.append(finding)
            seen.add(finding.fingerprint)
            places.add(place)
    return Ranked(tuple(kept), tuple(dropped))


def parted(
    findings: Iterable[Finding], policy: Policy, left: Left | None = None
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What is settled, because it is said or because somebody decided against it; and what is too unsure to be said,
    which silences nobody else and lends nobody its words. The same every time: of the record here it asks nothing.
    """
    settled: list[Finding] = []
    unsure: list[Finding] = []
    for finding in findings:
        reason, _ = _unsaid(finding, policy, left, {})
        (unsure if reason in UNSURE else settled).append(finding)
    return tuple(settled), tuple(unsure)


def held_back(dropped: Iterable[Dropped]) -> tuple[HeldBack, ...]:
    """Of what was dropped, what other thresholds or another day would have said; in reading order."""
    found = [
        HeldBack(
            **{name: getattr(one.finding, name) for name in HeldBack.model_fields if name != "why"},
            why=f"{one.reason}: {one.detail}" if one.detail else one.reason,
        )
        for one in dropped
        if one.finding is not None and one.reason in HELD_BACK
    ]
    return tuple(sorted(found, key=lambda one: (one.path, one.start_line, one.rule)))


def _unsaid(finding: Finding, policy: Policy, left: Left | None, record: Heeded) -> tuple[str, str]:
    """Why it is not worth saying by itself, and what tells more of that; both empty where it is."""
    here = policy.at(finding.path)
    if reason := _unwanted(finding, here, policy.mode):
        return reason, ""
    if left is not None and here.linters == "respect" and (linter := left.to(finding)):
        return "left-to-linter", linter
    value, least = worth(finding, record), BAR[finding.source]
    if finding.severity is not Severity.CRITICAL and value < least:
        return "below-bar", f"worth {value:.2f} of at least {least}"
    return "", ""


def _unwanted(finding: Finding, policy: Policy, mode: Mode) -> str:
    """`policy`: that of the finding's path; `mode`: the repository's."""
    if not policy.allows_rule(finding.rule):
        return "rule-off"
    if not finding.severity.reaches(policy.min_severity):
        return "below-severity"
    if finding.confidence < _least_confidence(finding, policy):
        return "below-confidence"
    if policy.mode is Mode.SHADOW and mode is not Mode.SHADOW:
        return "shadow"
    return ""


def _least_confidence(finding: Finding, policy: Policy) -> float:
    if finding.source == "model" and finding.class_ in BEYOND and finding.severity is not Severity.CRITICAL:
        return max(policy.min_confidence, policy.min_confidence_quality)
    return policy.min_confidence


def worth(finding: Finding, record: Heeded) -> float:
    """What a reader may expect of it: severity (1 to 4) times confidence times how often its class is heeded here."""
    heeded, judged = record.get(finding.class_, (0, 0))
    share = (heeded + _PRIOR[0]) / (judged + _PRIOR[1])
    return (finding.severity.rank + 1) * finding.confidence * share


def weight(finding: Finding, record: Heeded | None = None) -> tuple[float, int, str, int]:
    """By worth, the most first; rules before the model, then by place."""
    return (-worth(finding, record or {}), 0 if finding.source == "rule" else 1, finding.path, finding.start_line)


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """In reading order."""
    return sorted(findings, key=_place)


def in_order(findings: Collection[Finding]) -> Collection[Finding]:
    """The same; what is in reading order already is given back, for it may be more than memory should hold."""
    is_so = all(_place(one) <= _place(other) for one, other in pairwise(findings))
    return findings if is_so else by_place(findings)


def _place(finding: Finding) -> tuple[str, int, str]:
    return finding.path, finding.start_line, finding.rule
