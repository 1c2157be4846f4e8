"""Finds quoted code in a file, whatever became of its white space."""

from bisect import bisect_right
from collections.abc import Callable, Collection
from functools import cached_property
from typing import NamedTuple

from bot.llm import legible
from bot.redaction import masked_closely
from bot.regex import regex
from bot.review.excerpt import head_lines

_NUMBERED = regex(r"^\s*\d+ [ +-] ?")
_FEWEST_SIGNS = 3
"""Letters and digits a quote must have: a lone bracket proves nothing."""


Restore = Callable[[str], str]
"""Puts what was hidden back in its place, to compare it and for nothing else."""


class Place(NamedTuple):
    start_line: int
    end_line: int

    def overlaps(self, other: "Place") -> bool:
        return self.start_line <= other.end_line and other.start_line <= self.end_line

    def touches(self, lines: Collection[int]) -> bool:
        return any(line in lines for line in range(self.start_line, self.end_line + 1))


class HeadText:
    """One file of the head, searchable by quotes. Lines count from 1.

    `restore` gives back what stands for a secret in a quote: such a quote is held to the code itself.
    """

    def __init__(self, path: str, content: bytes, restore: Restore = str) -> None:
        self.path = path
        self._content, self._restore = content, restore
        self._lines = head_lines(path, content)
        self._shown = _Searchable("\n".join(self._lines))

    @property
    def last_line(self) -> int:
        return len(self._lines)

    def text_of(self, start_line: int, end_line: int) -> str:
        return "\n".join(self._lines[start_line - 1 : end_line])

    def squashed(self, line: int) -> str:
        """The line without its white space."""
        return _squash(self._lines[line - 1])

    def lines_like(self, squashed: str) -> list[int]:
        """Numbers of the lines that are this, but for white space."""
        return [number for number, line in enumerate(self._lines, 1) if _squash(line) == squashed]

    def places(self, quote: str) -> list[Place]:
        """Every place where the quote stands, words whole; none for a quote too short to prove anything."""
        bare = _bare(quote)
        if sum(map(str.isalnum, bare)) < _FEWEST_SIGNS:
            return []
        restored = self._restore(bare)
        return (self._shown if restored == bare else self._itself).places(_squash(restored))

    @cached_property
    def _itself(self) -> "_Searchable":
        """With its secrets."""
        return _Searchable("\n".join(head_lines(self.path, self._content, str)))


class _Searchable:
    """A text that is searched whatever became of its white space."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._solid = [offset for offset, char in enumerate(text) if not char.isspace()]
        self._squashed = "".join(text[offset] for offset in self._solid)
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def places(self, wanted: str) -> list[Place]:
        places = []
        at = self._squashed.find(wanted)
        while at >= 0:
            first, last = self._solid[at], self._solid[at + len(wanted) - 1]
            if self._is_whole(first, last):
                places.append(Place(self._line_at(first), self._line_at(last)))
            at = self._squashed.find(wanted, at + 1)
        return places

    def _is_whole(self, first: int, last: int) -> bool:
        """False where the quote begins or ends inside a word of the file."""
        text = self._text
        cuts_front = first > 0 and _is_word(text[first]) and _is_word(text[first - 1])
        cuts_back = last + 1 < len(text) and _is_word(text[last]) and _is_word(text[last + 1])
        return not (cuts_front or cuts_back)

    def _line_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


def _bare(quote: str) -> str:
    """The quote as the file has it: without the numbers and signs it was shown with, masked like the file."""
    lines = masked_closely(legible(quote)).strip("\n").split("\n")
    if all(_NUMBERED.match(line) for line in lines):
        lines = [_NUMBERED.sub("", line) for line in lines]
    return "\n".join(lines)


def bare_lines(shown: str) -> str:
    """Text as a model was shown it, each line without its number and sign."""
    return "\n".join(_NUMBERED.sub("", line) for line in shown.split("\n"))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _squash(text: str) -> str:
    return "".join(text.split())
