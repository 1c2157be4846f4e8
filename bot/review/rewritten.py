"""A function that was rewritten is shown as it is and as it was, each whole: among many removed lines neither reads
well. Pure.

Both forms cost tokens, so a measure decides which functions need them, and the budget which get them.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.llm import estimate_tokens
from bot.review.excerpt import Excerpt, ScopeOf, ScopeSpan, ShownLine

_LARGE_SHARE, _MANY_LINES = 0.4, 6
"""So much of what was there is gone, in so many lines: little of the old sense is left between them."""
_MANY_PLACES, _SOME_LINES = 4, 4
"""Removed lines at so many places break up the new text."""
_MOVED_LINES, _TELLING_CHARS = 3, 12
"""Lines of some length that stand elsewhere now."""


class Rewritten(NamedTuple):
    """One function of a file. `before`: its lines as they were, those that are gone marked."""

    path: str
    span: ScopeSpan
    before: tuple[ShownLine, ...]

    @property
    def title(self) -> str:
        """For the receipt: `charge as it was (shop/pay.py:12)`."""
        return f"{self.span.name} as it was ({self.path}:{self.span.start_line})"

    @property
    def section(self) -> str:
        lines = "\n".join(f" {line.op} {line.text}" for line in self.before)
        return f"### {self.path} ({self.span.name} as it was, to compare, never to quote)\n{lines}"

    @property
    def tokens(self) -> int:
        return estimate_tokens(self.section + "\n\n")


def rewritten_in(path: str, parts: Sequence[Excerpt], scope_of: ScopeOf) -> list[Rewritten]:
    """The functions whose removed lines between the others are hard to follow; only such as are shown whole."""
    found = []
    for part in parts:
        for span in _outermost(_touched(path, part, scope_of)):
            own = _lines_of(part.lines, span)
            if is_hard_to_follow(own):
                before = tuple(line._replace(number=None) for line in own if line.op != "+")
                found.append(Rewritten(path, span, before))
    return found


def is_hard_to_follow(lines: Sequence[ShownLine]) -> bool:
    """Decides by how much of the old text is gone, at how many places, and how much of it was moved."""
    gone, new = ([line.text.strip() for line in lines if line.op == op] for op in "-+")
    kept = len(lines) - len(gone) - len(new)
    places = sum(1 for op, _ in groupby(lines, lambda line: line.op) if op == "-")
    is_rewritten = places > 1 and len(gone) >= max(_MANY_LINES, _LARGE_SHARE * (len(gone) + kept))
    is_broken_up = places >= _MANY_PLACES and len(gone) >= _SOME_LINES
    moved = {text for text in gone if len(text) >= _TELLING_CHARS} & set(new)
    return is_rewritten or is_broken_up or len(moved) >= _MOVED_LINES


def as_they_are(parts: Sequence[Excerpt], rewritten: Collection[Rewritten]) -> list[Excerpt]:
    """The parts without what was removed from these functions."""
    return [Excerpt(tuple(_without_gone(part.lines, rewritten))) for part in parts]


def _without_gone(lines: Sequence[ShownLine], rewritten: Collection[Rewritten]) -> Iterator[ShownLine]:
    gone = {id(line) for one in rewritten for line in _lines_of(lines, one.span) if line.op == "-"}
    return (line for line in lines if id(line) not in gone)


def _touched(path: str, part: Excerpt, scope_of: ScopeOf) -> set[ScopeSpan]:
    """Functions around a written line, and on both sides of a removed one."""
    numbers: set[int] = set()
    last = None
    is_after_gone = False
    for line in part.lines:
        if line.number is None:
            is_after_gone = True
            numbers |= {last} if last else set()
            continue
        if line.op == "+" or is_after_gone:
            numbers.add(line.number)
        last, is_after_gone = line.number, False
    return {span for number in numbers if (span := scope_of(path, number)) is not None}


def _outermost(spans: Collection[ScopeSpan]) -> list[ScopeSpan]:
    """Without those that stand inside another, in order."""

    def is_inside(span: ScopeSpan, other: ScopeSpan) -> bool:
        return span != other and other.start_line <= span.start_line and span.end_line <= other.end_line

    return sorted(
        (span for span in spans if not any(is_inside(span, other) for other in spans)),
        key=lambda span: span.start_line,
    )


def _lines_of(lines: Sequence[ShownLine], span: ScopeSpan) -> Sequence[ShownLine]:
    """The function's lines with those it lost, its old first line and its old end among them; none where it is cut."""
    at = {line.number: index for index, line in enumerate(lines) if line.number}
    if span.start_line not in at or span.end_line not in at:
        return ()
    first, last = at[span.start_line], at[span.end_line]
    while lines[at[span.start_line]].op == "+" and first > 0 and lines[first - 1].op == "-":
        first -= 1
    margin = _indent(lines[at[span.start_line]].text)
    while last + 1 < len(lines) and lines[last + 1].op == "-" and _indent(lines[last + 1].text) > margin:
        last += 1
    return lines[first : last + 1]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
