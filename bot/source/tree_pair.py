"""Two trees in one object store: what differs between them, and what their files hold."""

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.diff import parse_unified
from bot.diff.headers import SUBMODULE, SYMLINK, unquoted, unquoted_bytes
from bot.domain import FileRef, FoundFolder, FoundText, Patch, PatchStatus, PolicyTexts, Side
from bot.regex import regex
from bot.settings.beside import LIBRARY_FOLDERS, LINTER_FILES, MOST_NAMES, MOST_RULES, RULES_FOLDER, RULES_SUFFIX
from bot.settings.policy import REPOSITORY_FILE
from bot.source.quarantine import Quarantine

MAX_DIFF_BYTES = 64 << 20
"""Of one change. Files beyond are listed, their hunks withheld."""
_FILES_A_CALL = 500
_REGULAR = b"100"
"""Begins the modes of files, not of links, folders and submodules."""
_BINARY_PROBE = 8000
"""git looks at so many bytes for a NUL, and so do we."""
_Key = TypeVar("_Key", bound=Hashable)
_RAW = regex(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")
_STATUS = {b"A": PatchStatus.ADDED, b"D": PatchStatus.REMOVED, b"R": PatchStatus.RENAMED, b"C": PatchStatus.COPIED}


@dataclass(frozen=True)
class _Listed:
    """One line of `git diff --raw`: certain, however large the file."""

    path: str
    old_path: str | None
    status: PatchStatus
    mode: str
    blob_sha: str | None


class TreePair:
    """`base` and `head` are ids of trees, or of commits that stand for theirs, readable in the quarantine."""

    def __init__(self, quarantine: Quarantine, base: str, head: str, max_diff_bytes: int = MAX_DIFF_BYTES) -> None:
        self.base, self.head = base, head
        self._quarantine = quarantine
        self._max_diff_bytes = max_diff_bytes
        self._names: dict[str, bytes] = {}
        """The bytes behind paths that are not UTF-8."""
        self._listed_blobs: dict[FileRef, str | None] = {}
        """Of the files of the diff; None for what is no regular file on that side, or not there."""

    def patches(self) -> tuple[Patch, ...]:
        """Renames found. A patch is not complete where a side is too large for a diff, or the whole diff is."""
        listed, text = self._diff()
        parsed = {patch.path: patch for patch in parse_unified(text)}
        patches = [parsed.get(entry.path) or _withheld(entry) for entry in listed]
        return tuple(self._told_apart(patches))

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        """Regular files only. A file over the quarantine's limit is given up to there and one byte more."""
        blobs = {ref: blob for ref in wanted if (blob := self._listed_blobs.get(ref))}
        for side in ("RIGHT", "LEFT"):
            blobs |= self._blobs(side, [ref for ref in wanted if ref.side == side and ref not in self._listed_blobs])
        return self._read(blobs)

    def policy(self) -> PolicyTexts:
        """The repository's policy file in the base tree, and what lies beside it."""
        folders = (f"{folder}/" for folder in (RULES_FOLDER, *LIBRARY_FOLDERS))
        entries = self._entries_at(self.base, (REPOSITORY_FILE, *LINTER_FILES, *folders))
        blobs = {path: blob for path, blob in entries.items() if blob}
        named = sorted(path for path in blobs if path.startswith(f"{RULES_FOLDER}/") and path.endswith(RULES_SUFFIX))
        rules = named[: MOST_RULES + 1]  # one more than are read: the reader says that there are too many
        read = self._read({path: blobs[path] for path in (REPOSITORY_FILE, *rules, *LINTER_FILES) if path in blobs})
        texts = {path: content.decode("utf-8", "replace") for path, content in read.items()}
        return PolicyTexts(
            repository=texts.get(REPOSITORY_FILE),
            rules=tuple(FoundText(path=path, text=texts[path]) for path in rules if path in texts),
            linters=tuple(FoundText(path=path, text=texts[path]) for path in LINTER_FILES if path in texts),
            libraries=tuple(_libraries(entries)),
        )

    def _diff(self) -> tuple[list[_Listed], bytes]:
        """One call: a line for each file, a blank line, then the hunks as far as the limit allows."""
        options = (
            "-r",
            "--raw",
            "--patch",
            "--full-index",
            "-M",
            "-l2000",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
        )
        prefixes = ("--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none")
        large = f"core.bigFileThreshold={self._quarantine.max_file_bytes}"
        git = self._quarantine.git
        listed: list[_Listed] = []
        with git.stream("-c", large, "diff-tree", *options, *prefixes, self.base, self.head) as stream:
            while line := stream.line():
                listed.append(self._listed(line))
            text, is_all = stream.at_most(self._max_diff_bytes)
        if not is_all:
            text = text[: max(text.rfind(b"\ndiff --git ") + 1, 0)]
        return listed, text

    def _listed(self, line: bytes) -> _Listed:
        head, *names = line.split(b"\t")
        told = _RAW.match(head)
        assert told is not None, line
        paths = [self._path(name) for name in names]
        mode = told[1] if told[5] == b"D" else told[2]
        before, after = told[3].decode(), told[4].decode()
        self._listed_blobs[FileRef(paths[0], "LEFT")] = before if told[1].startswith(_REGULAR) else None
        self._listed_blobs[FileRef(paths[-1], "RIGHT")] = after if told[2].startswith(_REGULAR) else None
        return _Listed(
            path=paths[-1],
            old_path=paths[0] if len(paths) > 1 else None,
            status=_STATUS.get(told[5], PatchStatus.MODIFIED),
            mode=mode.decode(),
            blob_sha=after if after.strip("0") else None,
        )

    def _path(self, name: bytes) -> str:
        path = unquoted(name.decode())
        if "\\x" in path:
            self._names[path] = _bytes_of(name)
        return path

    def _told_apart(self, patches: Iterable[Patch]) -> Iterator[Patch]:
        """git calls a file binary also where one side is merely too large to compare. The first bytes tell."""
        patches = list(patches)
        binary = sorted({patch.blob_sha for patch in patches if patch.is_binary and patch.blob_sha})
        starts = self._contents(binary, _BINARY_PROBE)
        for patch in patches:
            if patch.is_binary and b"\0" not in starts.get(patch.blob_sha or "", b"\0"):
                yield replace(patch, is_binary=False, is_complete=False)
            else:
                yield patch

    def _blobs(self, side: Side, refs: Sequence[FileRef]) -> dict[FileRef, str]:
        """The blobs of files that no diff told of."""
        tree = self.head if side == "RIGHT" else self.base
        by_name = {self._names.get(ref.path) or ref.path.encode(): ref for ref in refs if _is_plain(ref.path)}
        names = list(by_name)
        blobs: dict[FileRef, str] = {}
        for at in range(0, len(names), _FILES_A_CALL):
            found = self._entries_at(tree, names[at : at + _FILES_A_CALL])
            told = ((os.fsencode(path), blob) for path, blob in found.items() if blob)
            blobs |= {by_name[name]: blob for name, blob in told if name in by_name}
        return blobs

    def _entries_at(self, tree: str, paths: Sequence[str | bytes]) -> dict[str, str]:
        """Path → blob of these paths, an empty one for what is no regular file; one that ends in a slash means all in
        that folder."""
        answer = self._quarantine.git.output("ls-tree", "-z", "--full-tree", tree, "--", *paths)
        entries = {}
        for entry in filter(None, answer.split(b"\0")):
            about, _, name = entry.partition(b"\t")
            mode, _, sha = about.split()
            entries[os.fsdecode(name)] = sha.decode() if mode.startswith(_REGULAR) else ""
        return entries

    def _read(self, blobs: "Mapping[_Key, str]") -> "dict[_Key, bytes]":
        contents = self._contents(sorted(set(blobs.values())), self._quarantine.max_file_bytes + 1)
        return {key: contents[blob] for key, blob in blobs.items() if blob in contents}

    def _contents(self, shas: Sequence[str], keep: int) -> dict[str, bytes]:
        """Up to `keep` bytes of each blob, all from one git."""
        if not shas:
            return {}
        found: dict[str, bytes] = {}
        with self._quarantine.git.stream(
            "cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in shas).encode()
        ) as stream:
            for sha in shas:
                about = stream.line().split()
                if len(about) == 3:
                    found[sha] = stream.read(int(about[2]), keep)
                    stream.read(1)
        return found


def _withheld(entry: _Listed) -> Patch:
    return Patch(
        path=entry.path,
        status=entry.status,
        old_path=entry.old_path,
        is_submodule=entry.mode == SUBMODULE,
        is_symlink=entry.mode == SYMLINK,
        is_complete=False,
        blob_sha=entry.blob_sha,
    )


def _libraries(paths: Iterable[str]) -> Iterator[FoundFolder]:
    """Those of the folders that are among the paths, with what is listed of them."""
    names: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.partition("/")
        if folder in LIBRARY_FOLDERS:
            names.setdefault(folder, []).append(os.fsencode(name).decode("utf-8", "replace"))
    return (FoundFolder(path=folder, names=tuple(held[:MOST_NAMES])) for folder, held in names.items())


def _bytes_of(name: bytes) -> bytes:
    return unquoted_bytes(name[1:-1]) if name.startswith(b'"') else name


def _is_plain(path: str) -> bool:
    """A path that can be in a tree; `../x` or an empty one would make git answer for something else."""
    return "\0" not in path and not any(part in ("", ".", "..") for part in path.split("/"))
