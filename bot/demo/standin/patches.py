"""What changed between two commits, file by file, in the form of GitHub's API; and which lines of it take a comment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Side = Literal["RIGHT", "LEFT"]

# https://docs.github.com/repositories/creating-and-managing-repositories/repository-limits, "Diff limits"
LARGEST_PATCH_LINES = 20_000
LARGEST_PATCH_BYTES = 1_000_000

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_STATUS = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}


class DiffLine(NamedTuple):
    position: int
    """1 for the line under the first @@ of a patch; later @@ count too."""
    hunk: int
    left: int | None
    right: int | None

    def number(self, side: Side) -> int | None:
        return self.right if side == "RIGHT" else self.left


@dataclass(frozen=True)
class FileChange:
    """One changed file. `patch` is None where GitHub shows none: binary, renamed only, empty, too large."""

    path: str
    old_path: str | None
    status: str
    sha: str
    """The head's blob; of a removed file the base's."""
    additions: int
    deletions: int
    patch: str | None

    def lines(self) -> Iterator[DiffLine]:
        """Every line a comment may stand on: added and context lines on the right, removed and context on the left."""
        position, hunk, left, right = -1, -1, 0, 0
        for text in (self.patch or "").split("\n") if self.patch else ():
            position += 1
            if opened := _HUNK.match(text):
                hunk, left, right = hunk + 1, int(opened[1]), int(opened[3])
            elif text.startswith("+"):
                yield DiffLine(position, hunk, None, right)
                right += 1
            elif text.startswith("-"):
                yield DiffLine(position, hunk, left, None)
                left += 1
            elif not text.startswith("\\"):
                yield DiffLine(position, hunk, left, right)
                left, right = left + 1, right + 1

    def line_at(self, number: int, side: Side) -> DiffLine | None:
        return next((line for line in self.lines() if line.number(side) == number), None)

    def line_at_position(self, position: int) -> DiffLine | None:
        return next((line for line in self.lines() if line.position == position), None)

    def hunk_until(self, position: int) -> str:
        """The part of the patch GitHub shows above a comment: from the hunk's @@ down to the line."""
        texts = (self.patch or "").split("\n")[: position + 1]
        first = max((at for at, text in enumerate(texts) if _HUNK.match(text)), default=0)
        return "\n".join(texts[first:])


def file_changes(raw: bytes, counts: bytes, patches: bytes) -> tuple[FileChange, ...]:
    """Puts together `git diff --raw -z`, `--numstat -z` and `--patch` of the same two commits."""
    sections = iter(re.split(rb"^diff --git .*\n", patches, flags=re.MULTILINE)[1:])
    numbers = _counted(counts)
    changes = []
    for entry in _raw_entries(raw):
        section = next(sections, b"")
        if entry.letter == "T":
            section = next(sections, b"")  # git writes a changed type as a removal and an addition
        additions, deletions = numbers.get(entry.path, (0, 0))
        is_mode_only = entry.letter == "M" and entry.old_sha == entry.new_sha
        changes.append(
            FileChange(
                path=entry.path,
                old_path=entry.old_path,
                status="changed" if is_mode_only else _STATUS.get(entry.letter, "changed"),
                sha=entry.old_sha if entry.letter == "D" else entry.new_sha,
                additions=additions,
                deletions=deletions,
                patch=_shown(section),
            )
        )
    return tuple(changes)


def moved_line(number: int, bare_diff: bytes) -> int | None:
    """Where a line of the old file stands in the new one by a diff without context; None where it was rewritten."""
    shift = 0
    for opened in _HUNK.finditer(bare_diff.decode("utf-8", "replace")):
        start, removed, added = int(opened[1]), int(opened[2] or 1), int(opened[4] or 1)
        if removed and start <= number < start + removed:
            return None
        if number < start or (not removed and number <= start):
            break
        shift += added - removed
    return number + shift


class _RawEntry(NamedTuple):
    letter: str
    old_sha: str
    new_sha: str
    old_path: str | None
    path: str


def _raw_entries(raw: bytes) -> Iterator[_RawEntry]:
    fields = iter(raw.decode("utf-8", "replace").split("\0"))
    for about in fields:
        if not about:
            return
        _, _, old_sha, new_sha, status = about.split(" ")
        first = next(fields)
        second = next(fields) if status[0] in "RC" else None
        yield _RawEntry(status[0], old_sha, new_sha, first if second else None, second or first)


def _counted(counts: bytes) -> dict[str, tuple[int, int]]:
    """Path → lines added and removed; a binary file has `-` for both and counts 0."""
    numbers = {}
    fields = iter(counts.decode("utf-8", "replace").split("\0"))
    for about in fields:
        if not about:
            break
        added, removed, path = about.split("\t", 2)
        if not path:  # a rename: the two names follow
            next(fields)
            path = next(fields)
        numbers[path] = (int(added) if added != "-" else 0, int(removed) if removed != "-" else 0)
    return numbers


def _shown(section: bytes) -> str | None:
    start = next((at.start() for at in re.finditer(rb"^@@ ", section, flags=re.MULTILINE)), None)
    if start is None:
        return None
    patch = section[start:].removesuffix(b"\n")
    if len(patch) > LARGEST_PATCH_BYTES or patch.count(b"\n") >= LARGEST_PATCH_LINES:
        return None
    return patch.decode("utf-8", "replace")
