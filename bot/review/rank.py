"""Which findings are said, in what order, and which are only counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain import Dropped, Finding
from bot.rules.linters import Left
from bot.settings import Mode, Policy


@dataclass(frozen=True)
class Ranked:
    findings: tuple[Finding, ...]
    """Worth saying, the weightiest first."""
    dropped: tuple[Dropped, ...]


def rank(findings: Iterable[Finding], policy: Policy, left: Left | None = None) -> Ranked:
    """Drops what policy calls too mild, too uncertain or switched off there, what is left to the repository's own
    linters, and what says the same twice.
    """
    kept: list[Finding] = []
    dropped: list[Dropped] = []
    seen: set[str] = set()
    places: set[tuple[str, int, str]] = set()
    for finding in sorted(findings, key=weight):
        place = (finding.path, finding.start_line, finding.class_)
        here = policy.at(finding.path)
        linter = left.to(finding) if left is not None and here.linters == "respect" else ""
        if reason := _unwanted(finding, here, policy.mode):
            dropped.append(Dropped(finding=finding, rule=finding.rule, path=finding.path, reason=reason))
        elif linter:
            reason = "left-to-linter"
            dropped.append(Dropped(finding=finding, rule=finding.rule, path=finding.path, reason=reason, detail=linter))
        elif finding.fingerprint in seen or place in places:
            dropped.append(Dropped(finding=finding, rule=finding.rule, path=finding.path, reason="duplicate"))
        else:
            kept.append(finding)
            seen.add(finding.fingerprint)
            places.add(place)
    return Ranked(tuple(kept), tuple(dropped))


def _unwanted(finding: Finding, policy: Policy, mode: Mode) -> str:
    """`policy`: that of the finding's path; `mode`: the repository's."""
    if not policy.allows_rule(finding.rule):
        return "rule-off"
    if not finding.severity.reaches(policy.min_severity):
        return "below-severity"
    if finding.confidence < policy.min_confidence:
        return "below-confidence"
    if policy.mode is Mode.SHADOW and mode is not Mode.SHADOW:
        return "shadow"
    return ""


def weight(finding: Finding) -> tuple[float, int, str, int]:
    """Severity times confidence, heaviest first; rules before the model, then by place."""
    weight = (finding.severity.rank + 1) * finding.confidence
    return (-weight, 0 if finding.source == "rule" else 1, finding.path, finding.start_line)


def by_place(findings: Sequence[Finding]) -> list[Finding]:
    """In reading order."""
    return sorted(findings, key=lambda finding: (finding.path, finding.start_line, finding.rule))
