"""A piece of code around a change, with the reason to show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.llm import estimate_tokens
from bot.review.excerpt import GAP

Span = tuple[int, int]
"""First and last line, from 1."""
Kind = Literal["callee", "caller", "test", "sibling", "class", "constant"]
_TITLES: dict[Kind, str] = {
    "callee": "definition of {}",
    "caller": "caller of {}",
    "test": "test of {}",
    "sibling": "another {}",
    "class": "the class {}",
    "constant": "value of {}",
}


class Form(NamedTuple):
    """One way to show a piece; a shorter one tells less."""

    text: str
    tokens: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Piece:
    kind: Kind
    name: str
    """Of what it is about, as in the changed code."""
    path: str
    line: int
    value: float
    """What it may be worth to a reader, beside the others."""
    serves: frozenset[str]
    """The changed files that it helps to understand."""
    forms: tuple[Form, ...]
    """The longest first."""

    @property
    def title(self) -> str:
        """For the receipt: `caller of charge (shop/orders.py:5)`."""
        return f"{_TITLES[self.kind].format(self.name)} ({self.path}:{self.line})"


def form_of(path: str, why: str, lines: Sequence[str], spans: Sequence[Span]) -> Form:
    """Whole lines with their numbers, under a heading that says where they stand and why they are shown."""
    joined = _joined(spans, len(lines))
    width = len(str(joined[-1][1])) if joined else 1
    parts = ["\n".join(f"{number:>{width}}   {lines[number - 1]}" for number in range(a, b + 1)) for a, b in joined]
    text = "\n".join([f"### {path} ({why})", f"\n{GAP}\n".join(parts)])
    return Form(text, estimate_tokens(text + "\n\n"), tuple(joined))


def _joined(spans: Sequence[Span], last: int) -> list[Span]:
    """In order, within the file, those that touch made one."""
    joined: list[Span] = []
    for start, end in sorted((max(1, start), min(last, end)) for start, end in spans):
        if joined and start <= joined[-1][1] + 2:  # a gap of one line costs as much as the line
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start <= end:
            joined.append((start, end))
    return joined
