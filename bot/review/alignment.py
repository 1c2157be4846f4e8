"""How the lines of a scope at one head correspond to its lines at a later one, whatever moved them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_MOST_CELLS = 250_000
"""Of the table of edits; beyond it long runs must do."""
_MOST_LINES = 4000
"""A file's own level can be long; what lies beyond is not compared."""


def line_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


@dataclass(frozen=True)
class Fate:
    """What became of one old line: `kept` at a new index, or `replaced` by a range of new indices, or gone."""

    kept: int | None = None
    replaced: range = range(0)
    is_certain: bool = True
    """False where equal lines leave open which of them it is."""


class Alignment:
    """Between two sequences of line digests; indices count from 0."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._fates = _aligned(tuple(old), tuple(new[:_MOST_LINES]))

    def of(self, index: int) -> Fate:
        return self._fates[index] if 0 <= index < len(self._fates) else Fate(is_certain=False)

    def written(self, length: int) -> list[int]:
        """New indices under `length` that no old line was kept at."""
        kept = {fate.kept for fate in self._fates}
        return [index for index in range(length) if index not in kept]


def _aligned(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[Fate, ...]:
    if not old:
        return ()
    forward, replaced = _kept(old, new)
    from_behind, _ = _kept(old[::-1], new[::-1])
    backward = {len(old) - 1 - there: len(new) - 1 - here for there, here in from_behind.items()}
    return tuple(
        Fate(forward.get(index), replaced.get(index, range(0)), forward.get(index) == backward.get(index))
        for index in range(len(old))
    )


def _kept(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[dict[int, int], dict[int, range]]:
    """Old index → new one, for lines that are kept; old index → the block between kept lines, for the others."""
    kept = _pairs(old, new)
    replaced: dict[int, range] = {}
    corners = [(-1, -1), *sorted(kept.items()), (len(old), len(new))]
    for (start, new_start), (end, new_end) in pairwise(corners):
        replaced |= {index: range(new_start + 1, new_end) for index in range(start + 1, end)}
    return kept, replaced


def _pairs(old: tuple[str, ...], new: tuple[str, ...]) -> dict[int, int]:
    """Lines that correspond when the fewest are written, taken away or put in the place of another."""
    front = 0
    while front < min(len(old), len(new)) and old[front] == new[front]:
        front += 1
    back = 0
    while back < min(len(old), len(new)) - front and old[-1 - back] == new[-1 - back]:
        back += 1
    kept = {index: index for index in range(front)}
    kept |= {len(old) - 1 - index: len(new) - 1 - index for index in range(back)}
    inner_old, inner_new = old[front : len(old) - back], new[front : len(new) - back]
    if len(inner_old) * len(inner_new) <= _MOST_CELLS:
        inner = _fewest_edits(inner_old, inner_new)
    else:
        blocks = SequenceMatcher(None, inner_old, inner_new, autojunk=False).get_matching_blocks()
        inner = {block.a + step: block.b + step for block in blocks for step in range(block.size)}
    return kept | {front + here: front + there for here, there in inner.items()}


def _fewest_edits(old: tuple[str, ...], new: tuple[str, ...]) -> dict[int, int]:
    """Levenshtein's alignment. Longest runs, as difflib prefers them, take equal lines for their neighbours."""
    width = len(new) + 1
    costs = [list(range(width))]
    for row, mine in enumerate(old, 1):
        above, line = costs[-1], [row]
        for column, theirs in enumerate(new, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (mine != theirs)))
        costs.append(line)
    kept: dict[int, int] = {}
    row, column = len(old), len(new)
    while row and column:
        is_equal = old[row - 1] == new[column - 1]
        if costs[row][column] == costs[row - 1][column - 1] + (not is_equal):
            row, column = row - 1, column - 1
            if is_equal:
                kept[row] = column
        elif costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
    return kept
