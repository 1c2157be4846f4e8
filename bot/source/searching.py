"""Searches the files of one tree with git: no checkout, a limit on time, on output and on what is read."""

import os
from collections.abc import Mapping, Sequence

from bot.domain.searching import Hit
from bot.regex import regex
from bot.source.git import Git, GitFailed
from bot.source.kinds import VENDORED_FOLDERS

MOST_BYTES = 4 << 20
"""Of git's answer; what comes later in the order of paths is not looked at."""
LONGEST_LINE = 400
"""A longer line was not written by hand."""
_NAME = regex(r"[^\W\d]\w*")
_BLOB = regex(rb"[0-9a-f]{40,64} blob (\d+)")
_NOT_OWN = [f":(exclude){place}" for folder in sorted(VENDORED_FOLDERS) for place in (f"{folder}/*", f"*/{folder}/*")]


class TreeSearch:
    """`git` stands where the tree's objects are, and takes pathspecs by their pattern; `keeps` what must not go away
    meanwhile. Paths that are no UTF-8 are left out."""

    def __init__(self, git: Git, tree: str, max_file_bytes: int, keeps: object = None) -> None:
        self._git, self._tree, self._max_file_bytes, self._keeps = git, tree, max_file_bytes, keeps

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> list[Hit]:
        words = sorted({name for name in names if _NAME.fullmatch(name)})
        if not words or not suffixes:
            return []
        # One pattern: git tries several one by one on every line, which takes ten times as long.
        pattern = f"({'|'.join(words)})"
        options = ("-n", "-z", "-w", "-E", "-I", "--full-name", "--no-color", "--no-textconv", "-e", pattern)
        kinds = [*(f"*{suffix}" for suffix in sorted(set(suffixes))), *_NOT_OWN]
        try:
            with self._git.stream("grep", *options, self._tree, "--", *kinds) as stream:
                told, is_all = stream.at_most(MOST_BYTES)
        except GitFailed as failure:
            if failure.found_nothing:
                return []
            raise
        lines = told.split(b"\n")[: None if is_all else -1]
        return [hit for line in lines if (hit := _hit(line)) is not None]

    def read(self, paths: Sequence[str]) -> Mapping[str, bytes]:
        asked = [path for path in dict.fromkeys(paths) if "\n" not in path and "\0" not in path]
        found: dict[str, bytes] = {}
        stdin = b"".join(os.fsencode(f"{self._tree}:{path}\n") for path in asked)
        with self._git.stream("cat-file", "--batch", stdin=stdin) as stream:
            for path in asked:
                if about := _BLOB.fullmatch(stream.line()):
                    size = int(about[1])
                    content = stream.read(size, self._max_file_bytes)
                    stream.read(1)
                    if size <= self._max_file_bytes:
                        found[path] = content
        return found


def _hit(line: bytes) -> Hit | None:
    """`TREE:path`, the line's number and the line, a NUL between each."""
    place, _, rest = line.partition(b"\0")
    number, _, text = rest.partition(b"\0")
    if not number.isdigit() or len(text) > LONGEST_LINE:
        return None
    try:
        path = place.decode().partition(":")[2]
    except UnicodeDecodeError:
        return None
    return Hit(path, int(number), text.decode("utf-8", "replace").rstrip("\r"))
