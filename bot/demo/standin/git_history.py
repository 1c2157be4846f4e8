"""What a code host knows of a git repository: commits, trees, files, and what changed between two commits."""

import posixpath
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from bot.demo.standin.git_objects import GitObject, ObjectReader, clean_environment
from bot.demo.standin.patches import FileChange, file_changes

TIMEOUT_S = 30.0
SYMLINK = "120000"
_PERSON = re.compile(r"(.*?) ?<(.*?)> (\d+) ([+-]\d{4})$")
_REMEMBERED = 256  # comparisons kept; each is immutable, being named by commits


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


@dataclass(frozen=True, slots=True)
class TreeEntry:
    path: str
    mode: str
    kind: str
    """blob, tree or commit (a submodule)"""
    sha: str
    size: int | None


class GitHistory:
    """A repository on disk, bare or not. Answers are remembered where they are named by commits and so never change."""

    def __init__(self, git_dir: str) -> None:
        self.git_dir = git_dir
        self.objects = ObjectReader(git_dir)
        self._changes: Callable[[str, str], tuple[FileChange, ...]] = lru_cache(_REMEMBERED)(self._read_changes)
        self._merge_base: Callable[[str, str], str] = lru_cache(_REMEMBERED)(self._read_merge_base)
        self._between: Callable[[str, str], tuple[str, ...]] = lru_cache(_REMEMBERED)(self._read_between)

    def resolve(self, revision: str) -> str | None:
        """The full id of the commit a branch, tag or (short) sha names, or None."""
        found = self.objects.read(f"{revision}^{{commit}}")
        return found.sha if found else None

    def commit(self, revision: str) -> Commit | None:
        found = self.objects.read(f"{revision}^{{commit}}")
        return _parsed_commit(found) if found else None

    def file(self, revision: str, path: str) -> GitObject | None:
        """The blob or tree at a path, as it stands at a commit."""
        return self.objects.read(f"{revision}:{path}")

    def link_target(self, revision: str, path: str) -> GitObject | None:
        """The file that the symbolic link at a path leads to, where it is one of the same commit."""
        link = self.objects.read(f"{revision}:{path}")
        if link is None or link.content.startswith(b"/"):
            return None
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link.content.decode("utf-8", "replace")))
        found = None if target.startswith("../") else self.objects.read(f"{revision}:{target}")
        return found if found and found.kind == "blob" else None

    def tree(self, treeish: str, path: str = "", recursive: bool = False) -> list[TreeEntry] | None:
        """Entries of a tree, with paths as git lists them from `path` down; None where there is no such tree."""
        tree = self.objects.read(f"{treeish}:{path}")
        if tree is None or tree.kind != "tree":
            return None
        listing = self._git("ls-tree", "-z", "-l", *(["-r", "-t"] if recursive else []), tree.sha)
        return [_parsed_entry(line) for line in listing.decode("utf-8", "replace").split("\0") if line]

    def merge_base(self, one: str, other: str) -> str:
        """Where two commits part; the first itself where they share nothing."""
        return self._merge_base(one, other)

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """What the head brings since it left the base (three dots), file by file, in git's order."""
        return self._changes(self.merge_base(base, head), head)

    def between(self, base: str, head: str) -> tuple[str, ...]:
        """Ids of the commits that head has and base has not, oldest first; without a base all, newest first."""
        return self._between(base, head)

    def whole_diff(self, base: str, head: str) -> bytes:
        return self._git("diff", "--no-color", "--no-ext-diff", "--full-index", "-M", base, head)

    def lines_kept(self, before: str, after: str, path: str) -> bytes:
        """The bare diff (no context) of one file between two commits."""
        return self._git("diff", "--no-color", "--no-ext-diff", "-U0", before, after, "--", path)

    def close(self) -> None:
        self.objects.close()

    def _read_merge_base(self, one: str, other: str) -> str:
        return self._git("merge-base", one, other, accept=(0, 1)).decode().strip() or one

    def _read_between(self, base: str, head: str) -> tuple[str, ...]:
        wanted = ["--reverse", f"{base}..{head}"] if base else [head]
        return tuple(self._git("rev-list", *wanted).decode().split())

    def _read_changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        same = ("--no-color", "--no-ext-diff", "--no-textconv", "-M", "-r", base, head)
        raw = self._git("diff", "--raw", "--no-abbrev", "-z", *same)
        counts = self._git("diff", "--numstat", "-z", *same)
        patches = self._git("diff", "--patch", "--full-index", *same)
        return file_changes(raw, counts, patches)

    def _git(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> bytes:
        command = ["git", f"--git-dir={self.git_dir}", "-c", "core.quotePath=false", *arguments]
        done = subprocess.run(  # noqa: S603 (a list, no shell; revisions come from git itself)
            command, capture_output=True, timeout=TIMEOUT_S, env=clean_environment(), stdin=subprocess.DEVNULL
        )
        if done.returncode not in accept:
            raise RuntimeError(f"git {arguments[0]} failed in {self.git_dir}: {done.stderr.decode(errors='replace')}")
        return done.stdout


def _parsed_commit(found: GitObject) -> Commit:
    headers, _, message = found.content.decode("utf-8", "replace").partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in headers.split("\n"):
        name, _, value = line.partition(" ")
        fields.setdefault(name, []).append(value)
    return Commit(
        sha=found.sha,
        tree=fields["tree"][0],
        parents=tuple(fields.get("parent", ())),
        author=_person(fields["author"][0]),
        committer=_person(fields["committer"][0]),
        message=message.rstrip("\n"),
    )


def _person(text: str) -> Person:
    matched = _PERSON.match(text)
    if not matched:
        return Person(text, "", datetime.fromtimestamp(0, UTC))
    name, email, seconds, offset = matched.groups()
    away = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:])) * (-1 if offset[0] == "-" else 1)
    return Person(name, email, datetime.fromtimestamp(int(seconds), timezone(away)))


def _parsed_entry(line: str) -> TreeEntry:
    about, path = line.split("\t", 1)
    mode, kind, sha, size = about.split()
    return TreeEntry(path, mode, kind, sha, None if size == "-" else int(size))
