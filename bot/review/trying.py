"""Suggestions are tried before they are offered: each in memory, in a guarded process."""

from collections.abc import Sequence

from bot.domain import Finding, Suggestion
from bot.review.stages import Desk
from bot.rules import ScanOptions
from bot.rules import try_suggestion as try_one


def with_tried_suggestions(desk: Desk, findings: Sequence[Finding]) -> list[Finding]:
    """The findings; a suggestion that breaks the file or raises a new alarm is taken off."""
    trials = [(f.path, desk.snapshot.contents[f.path], f.suggestion, desk.today) for f in findings if f.suggestion]
    flaws = iter(desk.guard.map(_try, trials))
    return [
        finding.model_copy(update={"suggestion": None}) if finding.suggestion and next(flaws) != "" else finding
        for finding in findings
    ]


def flaw_of(desk: Desk, path: str, suggestion: Suggestion) -> str:
    """Why this suggestion must not be offered; empty where it may."""
    (flaw,) = desk.guard.map(_try, [(path, desk.snapshot.contents[path], suggestion, desk.today)])
    return str(flaw)


def _try(trial: tuple[str, bytes, Suggestion, str]) -> str:
    """Runs in a guarded process. Empty where the suggestion holds."""
    path, content, suggestion, today = trial
    return try_one(path, content, suggestion, ScanOptions(rules_off=(), include_tests=True, whole=True, today=today))
