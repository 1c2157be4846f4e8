"""Symbolic links among changed files. GitHub lists them like files of one line, the target; only a mode tells."""

import hashlib
from stat import S_IFLNK, S_IFMT

from bot.domain import Patch


def may_be_link(patch: Patch) -> bool:
    """True where all of the head is one line that nothing ends, as a link's target is. Few files are like that."""
    if len(patch.hunks) != 1 or patch.is_submodule:
        return False
    head = [line for line in patch.hunks[0].lines if line.op != "-"]
    return len(head) == 1 and head[0].new_no == 1 and head[0].ends_file


def is_link_mode(mode: int) -> bool:
    """By git's mode of a tree's entry, such as 0o120000."""
    return S_IFMT(mode) == S_IFLNK


def blob_id(content: bytes) -> str:
    """The id git gives a file of these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
