"""How the lines of a scope at one head correspond to its lines at a later one, whatever moved them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

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
    kept: dict[int, int] = {}
    replaced: dict[int, range] = {}
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            kept |= {start + step: new_start + step for step in range(end - start)}
        elif tag == "replace":
            replaced |= {index: range(new_start, new_end) for index in range(start, end)}
    return kept, replaced
