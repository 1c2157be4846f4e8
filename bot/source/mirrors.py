"""Bare copies of repositories on this machine, of a commit each and without history: to search, never to check out.

Each is one folder and one file that is its lock: whoever reads holds it together with others, whoever fetches or
removes holds it alone. Several processes may share the folder.
"""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.domain.searching import Hit
from bot.errors import SourceError
from bot.regex import regex
from bot.source.fetching import FetchLimits, Remote, fetch_commit, size_of
from bot.source.git import Git
from bot.source.quarantine import SEARCH_DEADLINE_S
from bot.source.searching import TreeSearch

FORGET_FAILURE_S = 600.0
"""A repository that could not be had is left alone for so long."""
UNUSED_DAYS = 14
"""A copy that nobody has read for so long is removed."""
MOST_PACKS = 40
_REF = "refs/seawall/head"
_COMMIT = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME = regex(r"[\w-]{1,100}")
_LOCK_POLL_S = 0.05


class Mirrors:
    """`most`: copies kept, those used last. `clock` gives seconds since the epoch."""

    def __init__(self, folder: Path, most: int, limits: FetchLimits, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._most, self.limits, self._clock = folder, most, limits, clock
        self._failed: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def search(self, name: str, commit: str, remote: Callable[[], Remote]) -> "MirrorSearch":
        """`name`: of the copy, such as the repository's id. `remote` is asked only where something must be fetched."""
        if not _NAME.fullmatch(name) or not _COMMIT.fullmatch(commit):
            raise ValueError(f"no copy can be called {name!r}, or no commit {commit!r}")
        return MirrorSearch(self, name, commit, remote)

    @contextmanager
    def tree(self, name: str, commit: str, remote: Callable[[], Remote]) -> Iterator[TreeSearch]:
        """The commit's files, fetched if they are not there; nobody removes them meanwhile. Raises SourceError."""
        try:
            with self._kept(name, commit, remote) as tree:
                yield tree
        except OSError as refused:
            raise SourceError(f"copies cannot be kept in {self._folder}: {refused.strerror or refused}") from refused

    @contextmanager
    def _kept(self, name: str, commit: str, remote: Callable[[], Remote]) -> Iterator[TreeSearch]:
        place = self._folder / f"{name}.git"
        for is_last in (False, True):
            with self._held(name, fcntl.LOCK_SH):
                if _has(place, commit):
                    os.utime(place)
                    yield TreeSearch(_git(place), commit, self.limits.max_file_bytes)
                    return
            if is_last:
                break
            self._fetch(name, place, commit, remote)
        raise SourceError("its copy was removed while it was read")

    def _fetch(self, name: str, place: Path, commit: str, remote: Callable[[], Remote]) -> None:
        self._heed_failure(name)
        try:
            with self._held(name, fcntl.LOCK_EX):
                if not _has(place, commit):  # another may have brought it while we waited
                    self._bring(place, commit, remote())
        except SourceError as failure:
            with self._lock:
                self._failed[name] = (self._clock() + FORGET_FAILURE_S, str(failure))
            raise
        self.tidy(keep=place)

    def _bring(self, place: Path, commit: str, remote: Remote) -> None:
        if _is_worn(place, self.limits.max_bytes):
            shutil.rmtree(place, ignore_errors=True)
        _lay(place)
        try:
            fetch_commit(place, remote, commit, _REF, self.limits)
        except SourceError:
            shutil.rmtree(place, ignore_errors=True)  # half a pack serves nobody
            raise
        _lay(place)  # git has noted that the host would fill the gaps; a reader shall ask nobody
        if size_of(place) > self.limits.max_bytes:
            shutil.rmtree(place, ignore_errors=True)
            raise SourceError(f"it has more than {self.limits.max_bytes >> 20} MB (reading.mirror_max_mb)")

    def _heed_failure(self, name: str) -> None:
        with self._lock:
            until, reason = self._failed.get(name, (0.0, ""))
            if until <= self._clock():
                self._failed.pop(name, None)
                return
        raise SourceError(reason)

    def tidy(self, keep: Path | None = None) -> None:
        """Removes what is too old or too many, where nobody reads it just now."""
        too_old = self._clock() - UNUSED_DAYS * 86_400
        for number, (used_at, place) in enumerate(sorted(self._places(), reverse=True)):
            if place != keep and (number >= self._most or used_at < too_old):
                self.remove(place.name.removesuffix(".git"))

    def _places(self) -> Iterator[tuple[float, Path]]:
        """Each copy with when it was last used."""
        for place in self._folder.glob("*.git"):
            with suppress(FileNotFoundError):  # another process tidies, too
                yield place.stat().st_mtime, place

    def remove(self, name: str) -> bool:
        """Removes a copy, unless somebody reads it just now; True where it is gone."""
        place = self._folder / f"{name}.git"
        if not place.exists():
            return True
        try:
            with self._held(name, fcntl.LOCK_EX, wait_s=0.0):
                shutil.rmtree(place, ignore_errors=True)
        except SourceError:
            return False
        return not place.exists()

    @contextmanager
    def _held(self, name: str, how: int, wait_s: float | None = None) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ends_at = time.monotonic() + (self.limits.timeout_s if wait_s is None else wait_s)
        with open(self._folder / f"{name}.lock", "ab") as lock:
            while True:
                try:
                    fcntl.flock(lock, how | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= ends_at:
                        raise SourceError("another review is still fetching it") from None
                    time.sleep(_LOCK_POLL_S)
            yield


class MirrorSearch:
    """A Search of one commit of a copy. Fetched when something is asked for the first time."""

    def __init__(self, mirrors: Mirrors, name: str, commit: str, remote: Callable[[], Remote]) -> None:
        self._mirrors, self._name, self._commit, self._remote = mirrors, name, commit, remote

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> Sequence[Hit]:
        with self._mirrors.tree(self._name, self._commit, self._remote) as tree:
            return tree.find(names, suffixes)

    def read(self, paths: Sequence[str]) -> Mapping[str, bytes]:
        with self._mirrors.tree(self._name, self._commit, self._remote) as tree:
            return tree.read(paths)


def _git(place: Path) -> Git:
    return Git(place, f"--git-dir={place}", deadline_s=SEARCH_DEADLINE_S)


def _has(place: Path, commit: str) -> bool:
    return place.is_dir() and _git(place).says("cat-file", "-e", f"{commit}^{{tree}}") is not None


def _is_worn(place: Path, max_bytes: int) -> bool:
    """True where so much has come together that a fresh copy is cheaper; what is old in it goes that way too."""
    return size_of(place) > max_bytes // 2 or len(list(place.glob("objects/pack/*.pack"))) > MOST_PACKS


def _lay(place: Path) -> None:
    """An empty bare repository whose configuration is ours alone."""
    for folder in ("objects/info", "refs", "info"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    (place / "HEAD").write_text("ref: refs/heads/none\n")
    (place / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
