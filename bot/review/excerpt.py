"""What a reader is shown of one changed file: head lines with their numbers, and the removed ones between them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.domain import Hunk, LineOp, Patch
from bot.llm.fencing import blank_comments, legible
from bot.redaction import masked_closely

IN_LONG_SCOPE = 20
"""Lines shown before and after a hunk in a function that is too long to be shown whole."""


class Extent(NamedTuple):
    """How much of a changed file is shown, in lines."""

    whole_file: int = 150
    """A file of so many lines or fewer is shown whole."""
    longest_scope: int = 160
    """Of a longer function the parts around the hunks are shown."""
    around: int = 20
    """Before and after a hunk outside of all functions."""
    shows_before: bool = False
    """A function that was rewritten is shown as it was, too."""


ORDINARY = Extent()
GAP = "…"
"""A line between parts that do not follow each other in the file."""
MARKUP = (".md", ".mdx", ".html", ".htm", ".xml", ".vue", ".svelte", ".svg")


class ScopeSpan(NamedTuple):
    """The function or class around a line; lines are of the head, from 1, inclusive."""

    name: str
    start_line: int
    end_line: int


ScopeOf = Callable[[str, int], ScopeSpan | None]
"""`scope_of(path, head line)`: the innermost scope there, where it is known."""


Hide = Callable[[str], str]
"""Takes the secrets out of a text, and leaves its lines where they are."""


def no_scope(path: str, line: int) -> None:
    """For where nothing was parsed."""
    return


class ShownLine(NamedTuple):
    number: int | None
    op: LineOp
    text: str

    def shown(self, width: int) -> str:
        """With its number in so many columns: wider ones would cost a token a line."""
        return f"{self.number or '':>{width}} {self.op} {self.text}"


@dataclass(frozen=True)
class Excerpt:
    """Consecutive lines of one file, in the order of the head."""

    lines: tuple[ShownLine, ...]

    @property
    def has_change(self) -> bool:
        return any(line.op != " " for line in self.lines)

    @property
    def digits(self) -> int:
        """Of the longest number beside these lines."""
        return max((len(str(line.number)) for line in self.lines if line.number), default=1)

    def __str__(self) -> str:
        digits = self.digits
        return "\n".join(line.shown(digits) for line in self.lines)


def head_lines(path: str, content: bytes, hide: Hide = masked_closely) -> list[str]:
    """The file as a reader is shown it: numbered as git numbers it, secrets hidden, nothing that does not show."""
    return list(_masked_lines(path, content) if hide is masked_closely else _lines(path, content, hide))


@lru_cache(maxsize=32)
def _masked_lines(path: str, content: bytes) -> tuple[str, ...]:
    """Kept for a moment: one review asks for the same files again and again."""
    return _lines(path, content, masked_closely)


def _lines(path: str, content: bytes, hide: Hide) -> tuple[str, ...]:
    text = hide(legible(content.decode("utf-8", "replace")))
    if path.lower().endswith(MARKUP):
        text = blank_comments(text)
    lines = [line.rstrip("\r") for line in text.split("\n")]
    return tuple(lines[:-1] if lines and not lines[-1] else lines)


def excerpts(
    patch: Patch, content: bytes, scope_of: ScopeOf, extent: Extent = ORDINARY, hide: Hide = masked_closely
) -> list[Excerpt]:
    """The changed parts of a file, each with what stands around it. Small files are shown whole."""
    lines = head_lines(patch.path, content, hide)
    added, removed = patch.added(), _removed_before(patch, hide)
    windows = [(1, len(lines))] if len(lines) <= extent.whole_file else _windows(patch, len(lines), scope_of, extent)
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


def _removed_before(patch: Patch, hide: Hide) -> dict[int, list[str]]:
    """Head line number → the removed lines that stood just before it."""
    gaps: dict[int, list[str]] = {}
    for hunk in patch.hunks:
        following = hunk.new_start if any(line.op != "-" for line in hunk.lines) else hunk.new_start + 1
        for line in hunk.lines:
            if line.op == "-":
                gaps.setdefault(following, []).append(line.text.rstrip("\r"))
            elif line.new_no is not None:
                following = line.new_no + 1
    return {number: hide(legible("\n".join(texts))).split("\n") for number, texts in gaps.items()}


def _windows(patch: Patch, last: int, scope_of: ScopeOf, extent: Extent) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for hunk in patch.hunks:
        start, end = _around(patch.path, hunk, scope_of, extent)
        start, end = max(1, start), min(last, end)
        if windows and start <= windows[-1][1] + 1:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        elif start <= end:
            windows.append((start, end))
    return windows


def _around(path: str, hunk: Hunk, scope_of: ScopeOf, extent: Extent) -> tuple[int, int]:
    numbers = [line.new_no for line in hunk.lines if line.new_no is not None] or [max(1, hunk.new_start)]
    first, last = numbers[0], numbers[-1]
    changed = [line.new_no for line in hunk.lines if line.op == "+" and line.new_no is not None] or numbers
    spans = [span for span in {scope_of(path, number) for number in changed} if span is not None]
    short = [span for span in spans if span.end_line - span.start_line < extent.longest_scope]
    if not short or len(short) < len(spans):
        around = IN_LONG_SCOPE if spans else extent.around
        first, last = first - around, last + around
    return min([first, *(span.start_line for span in short)]), max([last, *(span.end_line for span in short)])
