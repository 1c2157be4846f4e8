"""A proof added to a test file that the pull request changes itself: there it can be committed with a click. Pure.

A suggestion replaces lines that the diff shows, so it fits where the file's last line is one of them, and only in
languages in which a test may follow whatever stands there.
"""

import re

from bot.domain import Patch
from bot.regex import regex
from bot.review.filter import can_be_suggested
from bot.review.proving.knowledge import Tongue
from bot.review.proving.record import Appendix
from bot.review.proving.target import Written

_TONGUES = ("python", "javascript", "ruby")
_DOCSTRING = regex(r"\A\s*(\"\"\"|''')(?:(?!\1)[\s\S])*\1[ \t]*\n+")
_FUTURE = regex(r"^from __future__\b", re.MULTILINE)


def whole_with(content: str, test: str, tongue: Tongue) -> str | None:
    """The file with the test at its end; None where the language does not allow it so simply."""
    if tongue.name not in _TONGUES or _FUTURE.search(test) or not content.strip():
        return None
    there = {line.rstrip() for line in content.split("\n") if tongue.imports.search(line)}
    kept = [line for line in _DOCSTRING.sub("", test).split("\n") if line.rstrip() not in there]
    return f"{content.rstrip()}\n\n\n{_squeezed(kept)}"


def appendix_of(
    path: str, content: str, whole: str, before: Written, after: Written, added: Written, patch: Patch | None
) -> Appendix | None:
    """The suggestion, where it holds. `before`, `after`: of the file without and with it; `added`: of it alone."""
    last = content.rstrip().count("\n") + 1
    if patch is None or last not in patch.commentable("RIGHT") or content.rstrip().count("\r"):
        return None
    if before.errors or after.errors or len(after.names) < len(before.names | added.names):
        return None
    text = "\n".join(whole.split("\n")[last - 1 :])
    twice = (added.names & before.names) - _imported_alike(before, added)
    return Appendix(path=path, line=last, text=text) if not twice and can_be_suggested(text) else None


def _imported_alike(before: Written, added: Written) -> frozenset[str]:
    """Names that both import from the same place."""
    return frozenset(name for name, where in added.imports.items() if where and before.imports.get(name) == where)


def _squeezed(lines: list[str]) -> str:
    """Without blank lines at the ends, and no more than two together."""
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")
