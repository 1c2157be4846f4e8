"""Remarks in comments and pragmas: which rules of linters they let pass, on which lines. Those without names, which
let everything pass, are left out: they were not written about this."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.regex import regex
from bot.syntax import Comment, SourceFile

END = 10**9
_WORDS = (
    *(b"noqa", b"NOQA", b"nosec", b"pylint", b"lint-disable", b"nolint", b"lint:ignore", b"lint:file-ignore"),
    *(b"biome-ignore", b"rubocop:", b"tslint:", b"#pragma", b"squawk-ignore"),
)
_CODES = r"(?P<names>[A-Za-z]+\d+(?:[,\s]+[A-Za-z]+\d+)*)"
_LIST = r"(?P<names>[\w@/.:-]+(?:\s*,\s*[\w@/.:-]+)*)"
_ON_LINE = (
    regex(rf"(?i)#\s*noqa\s*:\s*{_CODES}"),
    regex(rf"#\s*nosec:?\s+{_CODES}"),
    regex(rf"\b(?:eslint|oxlint)-disable-line\s+{_LIST}"),
    regex(rf"\btslint:disable-line:\s*{_LIST}"),
)
_BELOW = (
    regex(rf"\b(?:eslint|oxlint)-disable-next-line\s+{_LIST}"),
    regex(rf"\btslint:disable-next-line:\s*{_LIST}"),
    regex(r"\bbiome-ignore\s+(?:lint/)?(?:\w+/)?(?P<names>\w+)\s*:"),
    regex(rf"\bpylint:\s*disable-next\s*=\s*{_LIST}"),
    regex(rf"^--\s*squawk-ignore\s+{_LIST}"),
)
_BESIDE = (
    regex(rf"^//\s?nolint:\s*{_LIST}"),
    regex(rf"^//lint:ignore\s+{_LIST}\s+\S"),
    regex(rf"^/.*#nosec\s+{_CODES}"),
)
"""On the line, or alone above a line or a function."""
_WHOLE = (
    regex(rf"#\s*(?:ruff|flake8)\s*:\s*noqa\s*:\s*{_CODES}"),
    regex(rf"^//lint:file-ignore\s+{_LIST}\s+\S"),
)
_FROM_HERE = regex(
    r"\b(?:(?:eslint|oxlint)-(?P<script>disable|enable)(?![\w-])|rubocop:(?P<ruby>disable|enable|todo)\s"
    rf"|pylint:\s*(?P<python>disable|enable)\s*=)\s*(?:(?!--){_LIST})?"
)
_PRAGMA = regex(r"^\s*#pragma\s+warning\s+(disable|restore)\b([\w,\s]*)")


@dataclass(frozen=True)
class Remark:
    """`names` in lower case, `text` as written."""

    first_line: int
    last_line: int
    names: frozenset[str]
    text: str


def remarks_in(file: SourceFile) -> list[Remark]:
    """All of a file; empty, and without a look at its comments, where it has none of the words."""
    if not any(word in file.text for word in _WORDS):
        return []
    below = _Below(file)
    found = [remark for comment in file.comments for remark in _of_comment(comment, below)]
    return [*found, *_until_enabled(file), *_pragmas(file)]


class _Below:
    """What stands below a comment. Worked out once: a file may have thousands."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._alone = {one.start_line: one.end_line for one in file.comments if one.stands_alone}
        self._ends = {one.start_line: one.end_line for one in reversed(file.functions) if one.name}

    def line(self, comment: Comment) -> int:
        """The comment's own line where it stands behind code, else the next one that is no comment."""
        line = comment.start_line
        while line in self._alone:
            line = self._alone[line] + 1
        return line

    def end(self, line: int) -> int:
        """The end of the function that begins on a line, of the file for Go's package clause, else the line."""
        return END if self._file.line_text(line).startswith("package ") else self._ends.get(line, line)


def _of_comment(comment: Comment, below: _Below) -> Iterator[Remark]:
    text, line = comment.text, comment.start_line
    yield from (_remark(1, END, match) for pattern in _WHOLE for match in pattern.finditer(text))
    yield from (_remark(line, line, match) for pattern in _ON_LINE for match in pattern.finditer(text))
    for match in (match for pattern in _BELOW for match in pattern.finditer(text)):
        yield _remark(line, max(below.line(comment), comment.end_line + 1), match)
    for match in (match for pattern in _BESIDE for match in pattern.finditer(text)):
        yield _remark(line, below.end(below.line(comment)), match)


def _names(text: str) -> frozenset[str]:
    return frozenset(name.lower() for name in re.split(r"[,\s]+", text) if name)


def _remark(first: int, last: int, match: re.Match[str]) -> Remark:
    return Remark(first, last, _names(match["names"]), " ".join(match.group().split()))


def _until_enabled(file: SourceFile) -> Iterator[Remark]:
    """`/* eslint-disable x */` holds until it, or everything, is enabled again; those of RuboCop and Pylint behind code
    only there."""
    enabled_at: dict[str, int] = {}
    switches = [(comment, match) for comment in file.comments for match in _FROM_HERE.finditer(comment.text)]
    for comment, match in reversed(switches):
        line, names = comment.start_line, _names(match["names"] or "")
        if "enable" in (match["script"], match["ruby"], match["python"]):
            is_all = not names or "all" in names
            enabled_at = {"": line} if is_all else enabled_at | dict.fromkeys(names, line)
            continue
        for name in names:
            last = min(enabled_at.get(name, END), enabled_at.get("", END), _reach(comment, match))
            yield Remark(line, last, frozenset({name}), " ".join(match.group().split()))


def _reach(comment: Comment, match: re.Match[str]) -> int:
    """The last line for which it can hold: Pylint's ends with the function that it is in."""
    if not (comment.stands_alone or match["script"]):
        return comment.start_line
    return comment.function.end_line if match["python"] and comment.function is not None else END


def _pragmas(file: SourceFile) -> Iterator[Remark]:
    """C#: between `disable` and the `restore` of the same, or of all."""
    restored_at: dict[str, int] = {}
    lines = file.lines if file.language.name == "csharp" else []
    for number in range(len(lines), 0, -1):
        match = _PRAGMA.match(file.line_text(number)) if b"#pragma" in lines[number - 1] else None
        names = _names(match[2]) if match is not None else frozenset()
        if match is not None and match[1] == "restore":
            restored_at = restored_at | dict.fromkeys(names, number) if names else {"": number}
        elif match is not None:
            for name in names:
                last = min(restored_at.get(name, END), restored_at.get("", END))
                yield Remark(number, last, frozenset({name}), " ".join(match.group().split()))
