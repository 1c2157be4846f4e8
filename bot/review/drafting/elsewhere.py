"""The files of the head that a drafted rule is tried on: those that hold a word it looks for, within limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import DraftedRule
from bot.errors import SourceError
from bot.review.stages import Desk
from bot.settings.globs import is_among
from bot.syntax import is_test_path, language_named, language_of

MOST_FILES = 200
MOST_BYTES = 6_000_000
_AT_ONCE = 50
_WORD = re.compile(r"(?<![\w$@#])[A-Za-z_]\w{2,}")
_COMPARED = re.compile(r'#(?:eq|match)\?[^()"]*"((?:\\.|[^"\\])*)"')
_COMMON = frozenset({
    "False", "None", "True", "and", "async", "await", "break", "case", "catch", "class", "const", "continue", "def",
    "default", "defer", "else", "except", "export", "false", "final", "finally", "for", "from", "func", "function",
    "global", "import", "interface", "let", "new", "nil", "none", "not", "null", "pass", "private", "public",
    "raise", "return", "self", "static", "struct", "switch", "this", "throw", "throws", "true", "try", "type",
    "using", "var", "void", "while", "with", "yield",
})  # fmt: skip
"""Words that stand in most files of a language."""
_ANYWHERE = ("class", "const", "def", "fn", "fun", "func", "function", "import", "package", "public", "return")
"""One of them stands in any file that does something: for a rule that looks for no word."""


@dataclass(frozen=True)
class Elsewhere:
    files: tuple[tuple[str, bytes], ...]
    is_all: bool
    """False where there may be more files with such a word."""


def elsewhere(laid: Desk, rule: DraftedRule, language: str) -> Elsewhere:
    """Files of the head in this language, no tests. Where nothing can be searched, the changed ones alone."""
    ignored = laid.snapshot.policy.ignore_paths
    changed = {path: content for path, content in laid.snapshot.contents.items() if _may_count(path, language, ignored)}
    words = words_of(rule)[:1] or _ANYWHERE
    if laid.search is None:
        return Elsewhere(tuple(sorted(changed.items())), is_all=False)
    try:
        hits = laid.search.find(words, language_named(language).suffixes)
        paths = [path for path in dict.fromkeys(hit.path for hit in hits) if _may_count(path, language, ignored)]
        found, left = {path: content for path, content in changed.items() if path not in paths}, MOST_BYTES
        read = 0
        for start in range(0, min(len(paths), MOST_FILES), _AT_ONCE):
            for path, content in laid.search.read(paths[start : min(start + _AT_ONCE, MOST_FILES)]).items():
                if (left := left - len(content)) >= 0:
                    found[path] = content
                    read += 1
    except SourceError:
        return Elsewhere(tuple(sorted(changed.items())), is_all=False)
    return Elsewhere(tuple(sorted(found.items())), is_all=read == len(paths))


def words_of(rule: DraftedRule) -> list[str]:
    """Words that code must hold to be matched, the longest first: it is likely the rarest."""
    if rule.looks_by == "pattern":
        words = _WORD.findall(rule.looks_for)
    else:
        words = [word for text in _literals(rule.looks_for) for word in _WORD.findall(text)]
    return sorted({word for word in words if word not in _COMMON}, key=lambda word: (-len(word), word))


def _literals(query: str) -> list[str]:
    """What the predicates of a query compare with, where it is one word for each."""
    return [text for text in _COMPARED.findall(query) if not re.search(r"[|\[\](){}*+?\\.]", text)]


def _may_count(path: str, language: str, ignored: Sequence[str]) -> bool:
    known = language_of(path)
    return known is not None and known.name == language and not is_test_path(path) and not is_among(path, ignored)
