"""What a change takes away, weighed by the change as a whole: its title, and how much of the code it goes through."""

from collections.abc import Iterable

from bot.domain import Change, Finding
from bot.regex import regex
from bot.rules import FilePair
from bot.settings.beside import is_of_team

_LIMIT = "missing-timeout/timeout-removed"
_SAYS = regex(
    r"(?i)\b(?:remov|drop|delet|disabl|eliminat)(?:e|es|ed|ing|s|ped|ping)?\b"
    r".*\b(?:time-?outs?|deadlines?|time limits?)\b"
)
_SETS = regex(
    rb"\bWith(?:Timeout|Deadline)(?:Cause)?\(|\b(?:asyncio|anyio|trio)\.(?:timeout|wait_for|fail_after|move_on_after)\("
)
"""Of what lies around other calls, and so can stand in another file than they."""
_TAKEN_AWAY = "-removed"
"""Ends the kinds of what the base had and the head has not."""
MOST_FILES = 5
"""On record, of protections that changes of more files took from one, a quarter was lost; the others had moved."""


def held_removals(findings: Iterable[Finding], change: Change, pairs: Iterable[FilePair] = ()) -> dict[str, str]:
    """Fingerprint → why it is for a scan: a limit that went as the title says, or that another file got; a protection
    that one of many files lost."""
    says_so, files = bool(_SAYS.search(change.title)), len(change.by_path)
    brought = {pair.path for pair in pairs if _limits_in(pair.after) > _limits_in(pair.before)}
    why: dict[str, str] = {}
    for one in findings:
        if is_of_team(one.rule) or not one.kind.endswith(_TAKEN_AWAY):
            continue
        if says_so and one.rule == _LIMIT:
            why[one.fingerprint] = "The title says that a limit goes: that it is gone is held back."
        elif one.rule == _LIMIT and brought - {one.path}:
            why[one.fingerprint] = f"{min(brought - {one.path})} gets a limit: that one is gone here is held back."
        elif files > MOST_FILES:
            why[one.fingerprint] = (
                f"{files} files change: a protection gone from one has mostly moved, and is held back."
            )
    return why


def _limits_in(content: bytes | None) -> int:
    return len(_SETS.findall(content or b""))
