"""What every system shows alike: the sign of an answer's state, and how left-out parts are told."""

from bot.domain import ReplyState, Severity

_SIGNS: dict[ReplyState, str] = {"done": "", "started": "⏳", "refused": "✋", "misunderstood": "❓", "failed": "⚠️"}
SEVERITY_SIGNS = {Severity.CRITICAL: "🟥", Severity.HIGH: "🟧", Severity.MEDIUM: "🟨", Severity.LOW: "⬜"}


NOTHING = "Nothing to show."
"""The answer that has neither title nor parts: no system takes an empty message."""


def sign_of(state: ReplyState) -> str:
    """Before the title; empty where all is well."""
    return _SIGNS[state]


def left_out(count: int, what: str) -> str:
    """`… and 3 more lines. Ask for less, or …`"""
    return f"… and {count} more {what}{'s' if count != 1 else ''}. Ask for less at once to see them."
