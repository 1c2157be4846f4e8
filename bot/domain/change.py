"""A change: what differs between a base and a head, file by file, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

LineOp = Literal["+", "-", " "]
Side = Literal["RIGHT", "LEFT"]
"""RIGHT is the head of a change, LEFT its base, as in GitHub's API."""


class FileRef(NamedTuple):
    """One file at one side of a change. The path is POSIX, relative to the repository's root, as named on that side."""

    path: str
    side: Side


class PatchStatus(StrEnum):
    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"
    RENAMED = "renamed"
    COPIED = "copied"
    MODE_CHANGED = "mode-changed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk. Numbers start at 1; the side that lacks the line has None."""

    op: LineOp
    old_no: int | None
    new_no: int | None
    text: str
    ends_file: bool = False
    """True where git says "No newline at end of file" of this line."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that changed together, and those around them."""

    old_start: int
    new_start: int
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """What a change does to one file."""

    path: str
    status: PatchStatus
    old_path: str | None = None
    """The name at the base, where it differs."""
    hunks: tuple[Hunk, ...] = ()
    is_binary: bool = False
    is_submodule: bool = False
    is_symlink: bool = False
    is_complete: bool = True
    """False where the host withheld the hunks (too large) or cut them."""
    blob_sha: str | None = None
    """The head blob, where the host tells it."""
    additions: int = 0
    deletions: int = 0

    @property
    def path_at_base(self) -> str:
        return self.old_path or self.path

    def lines(self) -> Iterator[Line]:
        for hunk in self.hunks:
            yield from hunk.lines

    def added(self) -> frozenset[int]:
        """Line numbers of the head that this change wrote."""
        return frozenset(line.new_no for line in self.lines() if line.op == "+" and line.new_no is not None)

    def removed(self) -> frozenset[int]:
        """Line numbers of the base that this change took away."""
        return frozenset(line.old_no for line in self.lines() if line.op == "-" and line.old_no is not None)

    def commentable(self, side: Side) -> frozenset[int]:
        """Lines that can carry a review comment: on the RIGHT added and context lines, on the LEFT removed ones."""
        if side == "LEFT":
            return self.removed()
        return frozenset(line.new_no for line in self.lines() if line.op != "-" and line.new_no is not None)

    def hunk_at(self, line_no: int, side: Side = "RIGHT") -> Hunk | None:
        """The hunk that shows this line of that side; a comment may not span two hunks."""
        for hunk in self.hunks:
            numbers = (line.new_no if side == "RIGHT" else line.old_no for line in hunk.lines)
            if line_no in numbers:
                return hunk
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """A base, a head, and the patches between them."""

    base_sha: str
    head_sha: str
    patches: tuple[Patch, ...]
    title: str = ""
    body: str = ""
    unlisted_files: int = 0
    """Changed files that the host did not list (GitHub stops at 3,000)."""
    by_path: dict[str, Patch] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_path", {patch.path: patch for patch in self.patches})
