"""A private, empty repository that borrows another's objects and none of its configuration.

Trees are compared and working files hashed here, so that neither filters, diff drivers and attributes of the reviewed
repository, nor its index and refs, are used or touched.
"""

import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.regex import regex
from bot.source.git import DEADLINE_S, Git

SEARCH_DEADLINE_S = 10.0
_BLANK_FILTERS = "-filter -ident -working-tree-encoding !diff"
_AS_CONFIGURED = f"* {_BLANK_FILTERS}\n"
_BYTE_FOR_BYTE = f"* -text !eol {_BLANK_FILTERS}\n"
_CHANGED, _DELETED, _IN_CONFLICT, _OTHER = b"C", b"R", b"M", b"?"
"""How `git ls-files -t` marks a path."""
_HARMLESS = regex(r"core\.(autocrlf|eol|filemode|symlinks|ignorecase|precomposeunicode)")


class Quarantine:
    """`max_file_bytes`: larger files are stored up to there and one byte more, which shows that they are too large."""

    def __init__(
        self,
        max_file_bytes: int,
        borrowed: Path | None = None,
        object_format: str = "sha1",
        shallow: Path | None = None,
        settings: Mapping[str, str] | None = None,
        keeps_line_ends: bool = True,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.max_file_bytes = max_file_bytes
        self._home = Path(tempfile.mkdtemp(prefix="seawall-"))
        self._close = weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)
        self._deadline_s = deadline_s
        for folder in ("objects/info", "refs", "info", "cut"):
            (self._home / folder).mkdir(parents=True)
        (self._home / "HEAD").write_text("ref: refs/heads/none\n")
        (self._home / "config").write_text(_config(object_format, settings or {}))
        (self._home / "info/attributes").write_text(_BYTE_FOR_BYTE if keeps_line_ends else _AS_CONFIGURED)
        if borrowed:
            (self._home / "objects/info/alternates").write_bytes(_alternate(borrowed))
        if shallow and shallow.is_file():
            shutil.copyfile(shallow, self._home / "shallow")
        self.git = Git(self._home, f"--git-dir={self._home}", "--literal-pathspecs", deadline_s=deadline_s)
        self.searching = Git(self._home, f"--git-dir={self._home}", deadline_s=min(deadline_s, SEARCH_DEADLINE_S))
        """The same for a search, whose pathspecs are patterns of ours."""

    def close(self) -> None:
        """Removes the folder. Otherwise that happens when nobody uses this any more."""
        self._close()

    def borrow_index(self, index: Path, exclude: Path | None = None) -> None:
        """Starts from a copy of a repository's index, whose file times spare reading what has not changed.

        The copy keeps the index's own time: files no older than that are read again, since they may have changed in the
        same tick (git's documentation, "racy-git").
        """
        if index.is_file():
            shutil.copy2(index, self._home / "index")
            for shared in index.parent.glob("sharedindex.*"):
                shutil.copy2(shared, self._home / shared.name)
        if exclude and exclude.is_file():
            shutil.copyfile(exclude, self._home / "info/exclude")

    def forget_index(self) -> None:
        """Starts from no file at all."""
        (self._home / "index").unlink(missing_ok=True)

    def at(self, folder: Path) -> Git:
        """git with this folder as its working tree."""
        return Git(folder, f"--git-dir={self._home}", f"--work-tree={folder}", deadline_s=self._deadline_s)

    def unlike_the_index(self, folder: Path) -> tuple[list[bytes], list[bytes]]:
        """Paths under the folder that are not as the index has them, tracked ones and others that nobody ignores.

        Nested repositories are left out, and what lay in a folder where a file or link is now: that takes its place.
        What is in conflict is always among the tracked.
        """
        which = ("--cached", "--modified", "--deleted", "--others", "--exclude-standard")
        tracked, others = dict[bytes, None](), dict[bytes, None]()
        for entry in self.at(folder).output("ls-files", "-z", "-t", *which).split(b"\0"):
            tag, name = entry[:1], entry[2:]
            if tag in (_CHANGED, _DELETED, _IN_CONFLICT):
                tracked[name] = None
            elif tag == _OTHER and not name.endswith(b"/"):
                others[name] = None
        return [name for name in tracked if others.keys().isdisjoint(_folders_of(name))], list(others)

    def tree_of(self, folder: Path, tracked: Sequence[bytes], others: Iterable[bytes]) -> str:
        """The tree of the index, with these files as they lie in the folder. Links are stored, never followed."""
        small, large = list(tracked), list[bytes]()
        for name in others:
            (large if _size(folder, name) > self.max_file_bytes else small).append(name)
        git = self.at(folder)
        if small:
            options = ("--add", "--remove", "--replace", "--ignore-skip-worktree-entries")
            git.output("update-index", *options, "-z", "--stdin", stdin=b"".join(name + b"\0" for name in small))
        if large:
            self._store_cut(folder, large)
        return git.text("write-tree")

    def _store_cut(self, folder: Path, names: Sequence[bytes]) -> None:
        """A dump of gigabytes that lies about is not copied whole."""
        entries = []
        for number, name in enumerate(names):
            cut = self._home / "cut" / str(number)
            with open(os.path.join(os.fsencode(folder), name), "rb") as file:
                cut.write_bytes(file.read(self.max_file_bytes + 1))
            sha = self.git.output("hash-object", "-w", "--no-filters", str(cut)).strip()
            entries.append(b"100644 " + sha + b"\t" + name + b"\0")
            cut.unlink()
        self.git.output("update-index", "-z", "--index-info", stdin=b"".join(entries))


def _folders_of(name: bytes) -> list[bytes]:
    return [name[: slash.start()] for slash in re.finditer(rb"/", name)]


def _size(folder: Path, name: bytes) -> int:
    try:
        return os.lstat(os.path.join(os.fsencode(folder), name)).st_size
    except OSError:
        return 0


def _config(object_format: str, settings: Mapping[str, str]) -> str:
    is_plain = object_format != "sha256"  # an older git stumbles over an extension it does not know
    lines = [
        "[core]",
        f"\trepositoryformatversion = {0 if is_plain else 1}",
        "\tbare = true",
        "\tcompression = 0",
        "\tlooseCompression = 0",
    ]
    for key, value in settings.items():
        if (harmless := _HARMLESS.fullmatch(key.lower())) and re.fullmatch(r"[a-zA-Z]{1,10}", value):
            lines.append(f"\t{harmless[1]} = {value}")
    if not is_plain:
        lines += ["[extensions]", "\tobjectFormat = sha256"]
    return "\n".join([*lines, ""])


def _alternate(objects: Path) -> bytes:
    """One line of info/alternates; a name that would not survive there is C-quoted."""
    name = os.fsencode(objects)
    if name.startswith((b"#", b'"')) or b"\n" in name:
        name = b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
    return name + b"\n"
