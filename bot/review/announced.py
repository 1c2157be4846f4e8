"""A change that is about taking a limit away, and says so in its title: who wrote it has decided."""

from collections.abc import Iterable

from bot.domain import Finding
from bot.regex import regex
from bot.rules.weighing import SHOWN_ONLY

_RULE = "missing-timeout/timeout-removed"
_SAYS = regex(
    r"(?i)\b(?:remov|drop|delet|disabl|eliminat)(?:e|es|ed|ing|s|ped|ping)?\b"
    r".*\b(?:time-?outs?|deadlines?|time limits?)\b"
)


def announced_is_shown_only(findings: Iterable[Finding], title: str) -> tuple[Finding, ...]:
    """The findings; limits that went as the title says are for a scan."""
    if not _SAYS.search(title):
        return tuple(findings)
    return tuple(
        one.model_copy(update={"confidence": min(one.confidence, SHOWN_ONLY)}) if one.rule == _RULE else one
        for one in findings
    )
