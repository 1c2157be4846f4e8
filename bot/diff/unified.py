"""A whole git diff → patches.

The unidiff library reads the hunks. It is given one file at a time under neutral names, because it leaves C-quoted
paths quoted, stumbles over names such as `x b/y`, and passes a merge's combined diff as empty: names, modes and blobs
are read in `headers`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as UnidiffHunk
from unidiff.patch import PatchSet

from bot.diff.headers import SUBMODULE, SYMLINK, parse_header
from bot.domain import Hunk, Line, LineOp, Patch, PatchStatus
from bot.errors import SourceError
from bot.regex import regex

_FILE = regex(r"^diff --git ", re.MULTILINE)
_COMBINED = regex(r"^(?:diff --cc |diff --combined |@@@ )", re.MULTILINE)
_HUNK = regex(r"^@@ ", re.MULTILINE)
_OPS: dict[str, LineOp] = {"+": "+", "-": "-", " ": " ", "": " "}


def parse_unified(text: bytes | str) -> tuple[Patch, ...]:
    r"""One patch for each file, in the diff's order. Bytes that are not UTF-8 become U+FFFD.

    A file that turned into a link or back, which git writes as a deletion and an addition, is one patch. Raises
    SourceError for a combined diff, a truncated one, and text that is not git's.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if _COMBINED.search(text):
        raise SourceError("This is a combined diff of a merge; ask for the diff against one parent.")
    if not _FILE.search(text) and _HUNK.search(text):
        raise SourceError("This diff names no files; make it with `git diff`.")
    return tuple(_merged(_patch(section) for section in _sections(text)))


def _sections(text: str) -> Iterator[str]:
    """No line of a hunk begins with `diff --git`: it would carry its sign before that."""
    starts = [match.start() for match in _FILE.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        yield text[start:end]


def _patch(section: str) -> Patch:
    first_hunk = _HUNK.search(section)
    cut = first_hunk.start() if first_hunk else len(section)
    header = parse_header(section[:cut].split("\n"))
    hunks = _hunks(section[cut:], header.new_path)
    status = header.status
    if status is PatchStatus.MODE_CHANGED and (hunks or header.is_binary):
        status = PatchStatus.MODIFIED
    ops = [line.op for hunk in hunks for line in hunk.lines]
    return Patch(
        path=header.new_path,
        status=status,
        old_path=header.old_path if header.old_path != header.new_path else None,
        hunks=hunks,
        is_binary=header.is_binary,
        is_submodule=header.has_mode(SUBMODULE),
        is_symlink=header.has_mode(SYMLINK),
        blob_sha=header.blob_sha,
        additions=ops.count("+"),
        deletions=ops.count("-"),
    )


def _hunks(body: str, path: str) -> tuple[Hunk, ...]:
    if not body:
        return ()
    try:
        (file,) = PatchSet.from_string(f"--- file\n+++ file\n{body}")
        return tuple(_hunk(hunk) for hunk in file)
    except (UnidiffParseError, ValueError) as broken:
        raise SourceError(
            f"The diff of {path} cannot be read ({str(broken).strip()[:120]}). Make it again."
        ) from broken


def _hunk(hunk: UnidiffHunk) -> Hunk:
    lines: list[Line] = []
    expected = hunk.source_length + hunk.target_length
    for line in hunk:
        if line.line_type == "\\":
            last = lines[-1]
            lines[-1] = Line(last.op, last.old_no, last.new_no, last.text, ends_file=True)
        elif line.source_line_no is not None or line.target_line_no is not None:  # else: blank space after the hunk
            text = line.value.removesuffix("\n")
            lines.append(Line(_OPS[line.line_type], line.source_line_no, line.target_line_no, text))
    told = sum(1 if line.op in ("+", "-") else 2 for line in lines)
    if told != expected:
        raise UnidiffParseError(f"a hunk of {told} lines announced {expected}")
    return Hunk(hunk.source_start, hunk.target_start, hunk.section_header.strip(), tuple(lines))


def _merged(patches: Iterator[Patch]) -> Iterator[Patch]:
    before: Patch | None = None
    for patch in patches:
        if before is None:
            before = patch
        elif (before.path, before.status, patch.status) == (patch.path, PatchStatus.REMOVED, PatchStatus.ADDED):
            yield _became_another_type(before, patch)
            before = None
        else:
            yield before
            before = patch
    if before is not None:
        yield before


def _became_another_type(gone: Patch, come: Patch) -> Patch:
    """The head as git wrote it: every line of it is new; what it was before was no text, or no longer is."""
    return Patch(
        path=come.path,
        status=PatchStatus.MODIFIED if come.is_symlink or come.is_submodule else PatchStatus.ADDED,
        hunks=come.hunks,
        is_binary=come.is_binary,
        is_submodule=come.is_submodule,
        is_symlink=come.is_symlink,
        blob_sha=come.blob_sha,
        additions=come.additions,
        deletions=gone.deletions,
    )
