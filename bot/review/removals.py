"""What a change takes away, weighed by the change as a whole: its title, and how much of the code it goes through."""

from collections.abc import Collection, Iterable

from bot.domain import Finding
from bot.regex import regex
from bot.rules.weighing import SHOWN_ONLY
from bot.settings.beside import OWN

_LIMIT = "missing-timeout/timeout-removed"
_SAYS = regex(
    r"(?i)\b(?:remov|drop|delet|disabl|eliminat)(?:e|es|ed|ing|s|ped|ping)?\b"
    r".*\b(?:time-?outs?|deadlines?|time limits?)\b"
)
_TAKEN_AWAY = "-removed"
"""Ends the kinds of what the base had and the head has not."""
MOST_FILES = 5
"""On record, of protections that changes of more files took from one, a quarter was lost; the others had moved."""


def removals_weighed(findings: Iterable[Finding], title: str, paths: Collection[str]) -> tuple[Finding, ...]:
    """The findings; for a scan are limits that went as the title says, and what a change of many files took away."""
    says_so, is_broad = bool(_SAYS.search(title)), len(paths) > MOST_FILES
    return tuple(
        one.model_copy(update={"confidence": min(one.confidence, SHOWN_ONLY)})
        if (says_so and one.rule == _LIMIT) or (is_broad and _is_taken_away(one))
        else one
        for one in findings
    )


def _is_taken_away(finding: Finding) -> bool:
    return finding.kind.endswith(_TAKEN_AWAY) and not finding.rule.startswith(f"{OWN}/")
