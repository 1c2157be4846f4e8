"""The stream of `git diff-tree --stdin --raw --patch -U0`: commit after commit, which files changed and in which lines.

Of each patch only the line numbers are kept. So the history of years fits into memory, and a commit that brought a
gigabyte of text costs no more than its hunks' headers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.diff.headers import SUBMODULE, SYMLINK, parse_header, unquoted
from bot.domain import Hunk, Line, Patch, PatchStatus
from bot.errors import SourceError
from bot.regex import regex
from bot.source.git import Stream

OPTIONS = (
    "-r",
    "--raw",
    "--patch",
    "--unified=0",
    "--full-index",
    "--find-renames",
    "-l2000",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--submodule=short",
    "--ignore-submodules=none",
)
_COMMIT = regex(rb"[0-9a-f]{40,64}")
_RAW = regex(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")
_HUNK = regex(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_STATUS = {b"A": PatchStatus.ADDED, b"D": PatchStatus.REMOVED, b"R": PatchStatus.RENAMED, b"C": PatchStatus.COPIED}


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of a commit, with the blobs of both sides. The patch's lines have their numbers and no text."""

    patch: Patch
    before: str | None
    after: str | None


def diffs_in(
    stream: Stream, wanted: Callable[[str], bool], most_files: int
) -> Iterator[tuple[str, tuple[FileDiff, ...], int]]:
    """Commit, the files wanted of it, and how many more of those there were than `most_files`, which are left out.

    Commits that change no file are left out; one is given when it is whole. Raises SourceError where git fails, or says
    what nobody expects.
    """
    line = stream.line()
    if not line:
        stream.rest()
    while line:
        if not _COMMIT.fullmatch(line):
            raise SourceError(f"git said something unexpected of a commit: {line[:80]!r}.")
        commit = line.decode()
        files: dict[str, FileDiff] = {}
        unlisted = 0
        while (line := stream.line()).startswith(b":"):
            listed = _listed(line)
            if not wanted(listed.patch.path):
                continue
            if len(files) < most_files:
                files[listed.patch.path] = listed
            else:
                unlisted += 1
        line = line or stream.line()  # a blank one stands before the patches
        while line and not _COMMIT.fullmatch(line):
            rows, hunks = [line.decode("utf-8", "replace")], list[Hunk]()
            line = stream.line()
            while line and not line.startswith((b"diff --git ", b"@@ ")) and not _COMMIT.fullmatch(line):
                rows.append(line.decode("utf-8", "replace"))
                line = stream.line()
            while line.startswith((b"@@ ", b"\\")):
                if line.startswith(b"@@ "):
                    hunks.append(_hunk(line, stream))
                line = stream.line()
            path = parse_header(rows).new_path
            if hunks and path in files:
                files[path] = replace(files[path], patch=replace(files[path].patch, hunks=tuple(hunks)))
        if not line:
            stream.rest()  # raises where this commit was cut short
        yield commit, tuple(files.values()), unlisted


def _listed(line: bytes) -> FileDiff:
    head, *names = line.split(b"\t")
    told = _RAW.match(head)
    if told is None or not names:
        raise SourceError(f"git said something unexpected of a file: {line[:80]!r}.")
    paths = [unquoted(name.decode("utf-8", "backslashreplace")) for name in names]
    status = _STATUS.get(told[5], PatchStatus.MODIFIED)
    if told[3] == told[4] and status is PatchStatus.MODIFIED:
        status = PatchStatus.MODE_CHANGED
    mode = (told[1] if status is PatchStatus.REMOVED else told[2]).decode()
    patch = Patch(
        path=paths[-1],
        status=status,
        old_path=paths[0] if len(paths) > 1 else None,
        is_submodule=mode == SUBMODULE,
        is_symlink=mode == SYMLINK,
        blob_sha=_blob(told[4]),
    )
    return FileDiff(patch, before=_blob(told[3]) if told[1].startswith(b"100") else None, after=_blob(told[4]))


def _blob(sha: bytes) -> str | None:
    return sha.decode() if sha.strip(b"0") else None


def _hunk(header: bytes, stream: Stream) -> Hunk:
    """Its line numbers. The lines themselves are counted, not looked at: any of them may look like a header."""
    told = _HUNK.match(header)
    if told is None:
        raise SourceError(f"git said something unexpected of a hunk: {header[:80]!r}.")
    old_start, new_start = int(told[1]), int(told[3])
    old_lines, new_lines = int(told[2] or 1), int(told[4] or 1)
    left = old_lines + new_lines
    while left:
        line = stream.line()
        if not line:
            raise SourceError("git stopped in the middle of a patch.")
        left -= not line.startswith(b"\\")
    removed = (Line("-", old_start + index, None, "") for index in range(old_lines))
    added = (Line("+", None, new_start + index, "") for index in range(new_lines))
    return Hunk(old_start, new_start, "", (*removed, *added))
