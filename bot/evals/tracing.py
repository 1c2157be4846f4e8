"""Follows the lines that a fix mends back to the commit that brought them. Pure: by line numbers alone.

The idea is that of J. Śliwerski, T. Zimmermann and A. Zeller (When do changes induce fixes?, 2005); here the history's
own diffs are walked back, so one reading of them serves all fixes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.domain import Hunk
from bot.source.history import CommitDiff

MOST_FIX_FILES = 4
MOST_FIX_LINES = 60
MOST_BROUGHT_LINES = 600
"""Larger ones are sweeping changes, of which nobody can say what they mended or brought."""
_FIX = re.compile(
    r"\b(fix(es|ed|ing)?|bug(fix)?|hotfix|regressions?|repairs?|deadlocks?|leak(s|ed|ing)?|crash(es|ed)?|hangs?|races?)\b",
    re.IGNORECASE,
)
_NO_DEFECT = re.compile(
    r"\b(typos?|lint\w*|format(ting)?|docs?|documentation|readme|comments?|changelog|flaky|flake8|ci|travis|appveyor|"
    r"tests?|testing|builds?|wheels?|deps?|dependenc\w+|bump\w*|release|examples?|annotations?|typing|mypy|warnings?)\b",
    re.IGNORECASE,
)


class Line(NamedTuple):
    path: str
    number: int


class Traced(NamedTuple):
    """A fix, the commit that brought what it mends, and where that stood when it came."""

    fix: CommitDiff
    brought: CommitDiff
    lines: tuple[Line, ...]


def is_fix(title: str) -> bool:
    """By the words of its title; those of a fix of something else than the service's behaviour are left out."""
    return bool(_FIX.search(title)) and not _NO_DEFECT.search(title)


class Tracer:
    """`diffs`: a main line without gaps, newest first."""

    def __init__(self, diffs: Sequence[CommitDiff]) -> None:
        self._diffs = diffs
        self._by_path: dict[str, list[int]] = {}
        for index, diff in enumerate(diffs):
            for file in diff.files:
                self._by_path.setdefault(file.patch.path, []).append(index)

    def traced(self) -> Iterator[Traced]:
        """Each fix whose lines came, most of them, with one earlier commit of this line."""
        for index, diff in enumerate(self._diffs):
            if is_fix(diff.commit.title) and _is_small(diff, MOST_FIX_FILES, MOST_FIX_LINES):
                origins = [origin for line in _mended(diff) if (origin := self._origin(line, index))]
                if not origins:
                    continue
                at, _ = Counter(at for at, _ in origins).most_common(1)[0]
                if _is_small(self._diffs[at], len(self._diffs[at].files), MOST_BROUGHT_LINES):
                    lines = sorted({line for where, line in origins if where == at})
                    yield Traced(diff, self._diffs[at], tuple(lines))

    def _origin(self, line: Line, index: int) -> tuple[int, Line] | None:
        """The index of the commit that wrote the line, and where it stood then; None where that is further back."""
        path, number = line
        while (index := self._next_older(path, index)) >= 0:
            file = next(file for file in self._diffs[index].files if file.patch.path == path)
            if number in file.patch.added():
                return index, Line(path, number)
            number -= sum(_grown(hunk) for hunk in file.patch.hunks if _is_above(hunk, number))
            path = file.patch.path_at_base
        return None

    def _next_older(self, path: str, index: int) -> int:
        return next((older for older in self._by_path.get(path, ()) if older > index), -1)


def _mended(diff: CommitDiff) -> Iterator[Line]:
    """Lines of the version before, that the fix took away; where it only adds, those it adds them to."""
    removed = [Line(file.patch.path_at_base, number) for file in diff.files for number in sorted(file.patch.removed())]
    if removed:
        yield from removed
        return
    for file in diff.files:
        if file.before is not None:
            yield from (Line(file.patch.path_at_base, hunk.old_start) for hunk in file.patch.hunks if hunk.old_start)


def _is_small(diff: CommitDiff, most_files: int, most_lines: int) -> bool:
    changed = sum(len(hunk.lines) for file in diff.files for hunk in file.patch.hunks)
    return 0 < len(diff.files) <= most_files and 0 < changed <= most_lines and not diff.unlisted_files


def _grown(hunk: Hunk) -> int:
    return sum(1 if line.op == "+" else -1 for line in hunk.lines)


def _is_above(hunk: Hunk, number: int) -> bool:
    """Hunks have no context. One that only takes away says after which line of the head it did."""
    added = sum(line.op == "+" for line in hunk.lines)
    return number >= hunk.new_start + added if added else number > hunk.new_start


def clusters(lines: Sequence[Line], gap: int = 3) -> list[tuple[str, int, int]]:
    """Path, first and last line of what stands together, the largest first."""
    found: list[tuple[str, int, int]] = []
    for path, number in sorted(lines):
        if found and found[-1][0] == path and number - found[-1][2] <= gap:
            found[-1] = (path, found[-1][1], number)
        else:
            found.append((path, number, number))
    return sorted(found, key=lambda cluster: (cluster[1] - cluster[2], cluster))
