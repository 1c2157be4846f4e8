"""How much one piece of quoted code is like another, white space aside."""

from difflib import SequenceMatcher
from functools import lru_cache

from bot.regex import regex
from bot.review.outline import squashed

ALIKE = 0.75
"""From here on two quotes are taken for the same code, edited."""
_FEWEST_SIGNS = 8
"""Letters and digits that a line needs to tell one place from another."""
_TOKEN = regex(r"[^\W\d]\w*|\d[\w.]*|\"[^\"]*\"|'[^']*'|\S")
_CALLEE = regex(r"([A-Za-z_][\w.]*)\s*\(")
_COMMENT = ("#", "//", "/*", "*/", "* ", "--")
_COMMENT_BEHIND = regex(r"\s(?:#|//)\s.*$")
_KEYWORDS = frozenset({
    "and", "as", "assert", "async", "await", "break", "case", "catch", "class", "const", "continue", "def",
    "default", "defer", "del", "do", "elif", "else", "except", "false", "finally", "for", "from", "func",
    "function", "go", "if", "import", "in", "is", "lambda", "let", "new", "nil", "none", "not", "null", "or",
    "pass", "raise", "return", "select", "static", "switch", "throw", "true", "try", "undefined", "var", "void",
    "while", "with", "yield",
})  # fmt: skip


def quoted_code(evidence: str) -> list[str]:
    """The quoted lines that hold code, without the comments behind it."""
    lines = (_COMMENT_BEHIND.sub("", line).strip() for line in evidence.split("\n"))
    return [line for line in lines if line and not line.startswith(_COMMENT)]


def quoted_lines(evidence: str) -> list[str]:
    """The quoted lines that hold code, squashed."""
    return [squashed(line) for line in quoted_code(evidence)]


@lru_cache(maxsize=4096)
def likeness(evidence: str, other: str) -> float:
    """From 0 to 1; 1 where they differ in white space alone."""
    here, there = "".join(quoted_lines(evidence)), "".join(quoted_lines(other))
    if here == there:
        return 1.0
    return min(0.99, SequenceMatcher(None, here[:600], there[:600], autojunk=False).ratio())


def shares_a_line(evidence: str, other: str) -> bool:
    """True where a line that could not stand anywhere is in both: how much a model quotes varies."""
    mine = {line for line in quoted_lines(evidence) if sum(map(str.isalnum, line)) >= _FEWEST_SIGNS}
    return not mine.isdisjoint(quoted_lines(other))


def differs_only_in_names(evidence: str, other: str, with_literals: bool = False) -> bool:
    """True where other words stand at the same places, and the signs between them are the same: a renaming.
    `with_literals`: other numbers and texts do not count as a difference either.
    """
    here, there = _TOKEN.findall(evidence), _TOKEN.findall(other)
    if len(here) != len(there):
        return False
    pairs = zip(here, there, strict=True)
    return all(
        mine == theirs
        or (_is_name(mine) and _is_name(theirs))
        or (with_literals and _is_literal(mine) and _is_literal(theirs))
        for mine, theirs in pairs
    )


def callees(text: str) -> set[str]:
    """What is called in it, as written: `requests.get`."""
    return {name for name in _CALLEE.findall(text) if name.lower() not in _KEYWORDS}


def _is_name(token: str) -> bool:
    return (token[0].isalpha() or token[0] == "_") and token.lower() not in _KEYWORDS


def _is_literal(token: str) -> bool:
    return token[0].isdigit() or token[0] in "\"'"
