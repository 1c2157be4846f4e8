"""What a reader is shown of one changed file: head lines with their numbers, and the removed ones between them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.domain import Hunk, LineOp, Patch
from bot.llm.fencing import blank_comments, legible
from bot.redaction import masked_closely

AROUND = 20
"""Lines shown before and after a hunk whose scope is not known."""


class Extent(NamedTuple):
    """How much of a changed file is shown, in lines."""

    whole_file: int = 150
    """A file of so many lines or fewer is shown whole."""
    longest_scope: int = 160
    """Of a longer function the parts around the hunks are shown."""


ORDINARY = Extent()
MARKUP = (".md", ".mdx", ".html", ".htm", ".xml", ".vue", ".svelte", ".svg")


class ScopeSpan(NamedTuple):
    """The function or class around a line; lines are of the head, from 1, inclusive."""

    name: str
    start_line: int
    end_line: int


ScopeOf = Callable[[str, int], ScopeSpan | None]
"""`scope_of(path, head line)`: the innermost scope there, where it is known."""


def no_scope(path: str, line: int) -> None:
    """For where nothing was parsed."""
    return


class ShownLine(NamedTuple):
    number: int | None
    op: LineOp
    text: str

    def __str__(self) -> str:
        return f"{self.number or '':>6} {self.op} {self.text}"


@dataclass(frozen=True)
class Excerpt:
    """Consecutive lines of one file, in the order of the head."""

    lines: tuple[ShownLine, ...]

    @property
    def has_change(self) -> bool:
        return any(line.op != " " for line in self.lines)

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines))


def head_lines(path: str, content: bytes) -> list[str]:
    """The file as the model is shown it: numbered as git numbers it, secrets masked, nothing that does not show."""
    return list(_head_lines(path, content))


@lru_cache(maxsize=32)
def _head_lines(path: str, content: bytes) -> tuple[str, ...]:
    """Kept for a moment: one review asks for the same files again and again."""
    text = masked_closely(legible(content.decode("utf-8", "replace")))
    if path.lower().endswith(MARKUP):
        text = blank_comments(text)
    lines = [line.rstrip("\r") for line in text.split("\n")]
    return tuple(lines[:-1] if lines and not lines[-1] else lines)


def excerpts(patch: Patch, content: bytes, scope_of: ScopeOf, extent: Extent = ORDINARY) -> list[Excerpt]:
    """The changed parts of a file, each with what stands around it. Small files are shown whole."""
    lines = head_lines(patch.path, content)
    added, removed = patch.added(), _removed_before(patch)
    windows = (
        [(1, len(lines))]
        if len(lines) <= extent.whole_file
        else _windows(patch, len(lines), scope_of, extent.longest_scope)
    )
    return [Excerpt(tuple(_shown(lines, start, end, added, removed))) for start, end in windows]


def _shown(
    lines: list[str], start: int, end: int, added: frozenset[int], removed: dict[int, list[str]]
) -> Iterator[ShownLine]:
    for number in range(start, end + 1):
        for gone in removed.get(number, ()):
            yield ShownLine(None, "-", gone)
        yield ShownLine(number, "+" if number in added else " ", lines[number - 1])
    for gone in removed.get(end + 1, ()) if end == len(lines) else ():
        yield ShownLine(None, "-", gone)


def _removed_before(patch: Patch) -> dict[int, list[str]]:
    """Head line number → the removed lines that stood just before it."""
    gaps: dict[int, list[str]] = {}
    for hunk in patch.hunks:
        following = hunk.new_start if any(line.op != "-" for line in hunk.lines) else hunk.new_start + 1
        for line in hunk.lines:
            if line.op == "-":
                gaps.setdefault(following, []).append(line.text.rstrip("\r"))
            elif line.new_no is not None:
                following = line.new_no + 1
    return {number: masked_closely(legible("\n".join(texts))).split("\n") for number, texts in gaps.items()}


def _windows(patch: Patch, last: int, scope_of: ScopeOf, longest_scope: int) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for hunk in patch.hunks:
        start, end = _around(patch.path, hunk, scope_of, longest_scope)
        start, end = max(1, start), min(last, end)
        if windows and start <= windows[-1][1] + 1:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        elif start <= end:
            windows.append((start, end))
    return windows


def _around(path: str, hunk: Hunk, scope_of: ScopeOf, longest_scope: int) -> tuple[int, int]:
    numbers = [line.new_no for line in hunk.lines if line.new_no is not None] or [max(1, hunk.new_start)]
    first, last = numbers[0], numbers[-1]
    changed = [line.new_no for line in hunk.lines if line.op == "+" and line.new_no is not None] or numbers
    spans = [span for span in {scope_of(path, number) for number in changed} if span is not None]
    short = [span for span in spans if span.end_line - span.start_line < longest_scope]
    if not short or len(short) < len(spans):
        first, last = first - AROUND, last + AROUND
    return min([first, *(span.start_line for span in short)]), max([last, *(span.end_line for span in short)])
