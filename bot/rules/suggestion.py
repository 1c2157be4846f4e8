"""Suggestions: made of edits, tried before they are offered."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.domain import Suggestion
from bot.rules.rule import Edit
from bot.syntax import SourceFile
from bot.syntax.source_file import BOM

Identity = tuple[str, str, str]


class Judged(NamedTuple):
    """What a parse and a scan of a whole text find."""

    errors: int
    alarms: Counter[Identity]
    """Rule, scope and code, and how often."""


Judge = Callable[[bytes], Judged | None]
"""None where there is no grammar for the file."""


def suggestion_of(edits: Sequence[Edit], file: SourceFile) -> Suggestion | None:
    """The edits as whole lines; None where the lines are not UTF-8 and could not be given back as they were."""
    if not edits:
        return None
    start, end = min(edit.start for edit in edits), max(edit.end for edit in edits)
    first = file.text.count(b"\n", 0, start) + 1
    last = first + file.text.count(b"\n", start, end)
    begins, ends = file.text.rfind(b"\n", 0, start) + 1, file.text.find(b"\n", end)
    text = file.text[begins : ends if ends >= 0 else None]
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start - begins] + edit.text.encode() + text[edit.end - begins :]
    try:
        plain = text.decode("utf-8").replace("\r\n", "\n").removesuffix("\r")
    except UnicodeDecodeError:
        return None
    return Suggestion(start_line=first, end_line=last, text=plain)


def apply_suggestion(content: bytes, suggestion: Suggestion) -> bytes:
    """The file with the suggestion applied; line endings and byte order mark stay. ValueError outside the file."""
    mark, text = (BOM, content.removeprefix(BOM)) if content.startswith(BOM) else (b"", content)
    lines = text.split(b"\n")
    first, last = suggestion.start_line - 1, suggestion.end_line
    if first >= last or last > len(lines):
        raise ValueError(f"lines {suggestion.start_line} to {suggestion.end_line} are not in the file")
    ending = b"\r" if lines[first].endswith(b"\r") else b""
    new = [line.encode() + ending for line in suggestion.text.split("\n")] if suggestion.text else []
    if new and last == len(lines):
        new[-1] = new[-1].removesuffix(b"\r")
    return mark + b"\n".join([*lines[:first], *new, *lines[last:]])


def reason_against(
    content: bytes,
    suggestion: Suggestion,
    judge: Judge,
    removes: Identity | None = None,
    before: Judged | None = None,
) -> str:
    """Why a suggestion must not be offered; empty where it may. `removes`: the finding that it must do away with;
    `before`: what is known of the content already, so that it need not be judged again."""
    try:
        edited = apply_suggestion(content, suggestion)
    except ValueError as outside:
        return str(outside)
    if edited == content:
        return "it changes nothing"
    before, after = before or judge(content), judge(edited)
    if before is None or after is None:
        return "there is no grammar to check it with"
    if after.errors > before.errors:
        return "the file would not parse any more"
    if removes is not None and after.alarms[removes] >= before.alarms[removes]:
        return "the finding would still be there"
    if raised := after.alarms - before.alarms:
        return f"it would raise {next(iter(raised))[0]}"
    return ""
