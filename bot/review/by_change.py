"""What a change brings and takes away, weighed by the change as a whole: its title, and how much it goes through."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from bot.domain import Change, Finding
from bot.regex import regex
from bot.rules import FilePair
from bot.rules.record import LOSS
from bot.settings.beside import is_of_team

_LIMIT = "missing-timeout/timeout-removed"
_SAYS = regex(
    r"(?i)\b(?:(?:remov|drop|delet|disabl|eliminat)(?:e|es|ed|ing|s|ped|ping)?|do(?:es)? not use|no longer uses?)\b"
    r".*\b(?:time-?outs?|deadlines?|time limits?|cancell?ations?)\b|\b(?:bug|hot)?-?fix(?:e[sd])?\b.*\btime-?outs?\b"
)
_SETS = regex(
    rb"\bWith(?:Timeout|Deadline)(?:Cause)?\(|\b(?:asyncio|anyio|trio)\.(?:timeout|wait_for|fail_after|move_on_after)\("
)
"""Of what lies around other calls, and so can stand in another file than they."""
_HANDLER = "unhandled-async-error/handler-removed"
_TAKES = regex(rb"\.catch\(|\bcatch\s*[({]")
_REVERTS = regex(r"(?i)\s*(?:\w+:\s*)?revert\b")
_LIMITED = regex(rb"(?i)time_?out|deadline")
_BRINGS_VERSION = regex(r"(?i)\b(?:fork|vendor)\w*\b.*\bv?\d+\.\d+")
_NAMES = regex(r"[\w-]{6,}")
MOST_LINES = 40
"""Written by all of a change. Of 18 protections that larger changes took, none of them read before, one was lost."""
MOST_FILES = 5
"""On record, of protections that changes of more files took from one, a quarter was lost; the others had moved."""


def held_by_change(findings: Iterable[Finding], change: Change, pairs: Iterable[FilePair] = ()) -> dict[str, str]:
    """Fingerprint → why it is for a scan: a limit that went as the title says, or that another file got; a protection
    that one of many files lost; a wait that a revert brings back; what lies in a library's copy."""
    says_so, files = bool(_SAYS.search(change.title)), len(change.by_path)
    pairs = list(pairs)
    written = sum(len(pair.patch_added) for pair in pairs)
    brought = {pair.path for pair in pairs if _gains(_SETS, pair)}
    taken = {pair.path for pair in pairs if _gains(_TAKES, pair)}
    why: dict[str, str] = {}
    came_back = {pair.path for pair in pairs if _loses_nothing(pair)} if _REVERTS.match(change.title) else set()
    for one in findings:
        if is_of_team(one.rule):
            continue
        if folder := _copied(one.path, change.title):
            why[one.fingerprint] = f"The title says that {folder} is a copy of a library: what is in it is held back."
        elif one.path in came_back and one.class_ == "missing-timeout":
            why[one.fingerprint] = "The title says that a change is taken back: what was there before it is held back."
        if not one.kind.endswith(LOSS):
            continue
        if says_so and one.rule == _LIMIT:
            why[one.fingerprint] = "The title says that a limit goes: that it is gone is held back."
        elif one.rule == _LIMIT and brought - {one.path}:
            why[one.fingerprint] = f"{min(brought - {one.path})} gets a limit: that one is gone here is held back."
        elif one.rule == _HANDLER and taken - {one.path}:
            why[one.fingerprint] = f"{min(taken - {one.path})} gets a handler: that one is gone here is held back."
        elif written > MOST_LINES:
            why[one.fingerprint] = (
                f"{written} lines are written: a protection that went with so many has mostly moved, and is held back."
            )
        elif files > MOST_FILES:
            why[one.fingerprint] = (
                f"{files} files change: a protection gone from one has mostly moved, and is held back."
            )
    return why


def _copied(path: str, title: str) -> str:
    """The folder that a title such as "Fork some-driver 3.5.3" speaks of; mostly none. One's own is updated instead."""
    if not _BRINGS_VERSION.search(title):
        return ""
    words = {word.lower().replace("-", "_") for word in _NAMES.findall(title)}
    return next((part for part in PurePosixPath(path).parts[:-1] if part.lower().replace("-", "_") in words), "")


def _loses_nothing(pair: FilePair) -> bool:
    """Whether no limit goes with what is taken back: that would be the time to say so."""
    before, after = (len(_LIMITED.findall(content or b"")) for content in (pair.before, pair.after))
    return before <= after


def _gains(what: re.Pattern[bytes], pair: FilePair) -> bool:
    before, after = (len(what.findall(content or b"")) for content in (pair.before, pair.after))
    return after > before
