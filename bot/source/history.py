"""The main line of a local repository: its commits, and each one's change against its first parent."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

from bot.domain import PolicyTexts
from bot.errors import NotFound, SourceError
from bot.regex import regex
from bot.source.commit_diffs import OPTIONS, FileDiff, diffs_in
from bot.source.git import Git
from bot.source.layout import layout_of
from bot.source.local import MAX_FILE_BYTES, quarantine_of
from bot.source.revisions import Revisions
from bot.source.searching import TreeSearch
from bot.source.tree_pair import TreePair

Which = Literal["merges", "commits"]
HISTORY_DEADLINE_S = 900.0
_LOOKED_AT = 200
"""So many commits tell whether a repository merges its pull requests or squashes them."""
_CACHED_BYTES = 64 << 20
_BODY_CHARS = 600
_FIELDS = "%H%x00%P%x00%ct%x00%s%x00%b%x00"
_GITHUB_MERGE = regex(r"Merge pull request (#\d+)")


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    parents: tuple[str, ...]
    committed_at: int
    """Seconds since 1970, UTC."""
    subject: str
    body: str = ""

    @property
    def title(self) -> str:
        """What was done: of a merge by GitHub the pull request's own title, which stands below."""
        merged = _GITHUB_MERGE.match(self.subject)
        title = self.body.strip().split("\n")[0].strip()
        return f"{title} ({merged[1]})" if merged and title else self.subject


@dataclass(frozen=True, slots=True)
class CommitDiff:
    """The files wanted of a commit. `unlisted_files`: how many more there were. `unread`: why there are none."""

    commit: Commit
    files: tuple[FileDiff, ...] = ()
    unlisted_files: int = 0
    unread: str = ""


@dataclass(frozen=True)
class MainLine:
    """`chosen`: the commits that stand for pull requests, newest first; `commits`: all from the oldest of them on."""

    head: Commit
    chosen: tuple[Commit, ...]
    commits: tuple[Commit, ...]
    which: Which
    merges_of: tuple[int, int]
    """How many of the latest commits are merges, of how many looked at."""
    is_cut: bool
    """True where a shallow clone ends before the number asked for."""


class History:
    """`root`: a clone, bare or not, or a folder in one. Raises NotFound and SourceError. Close it after use.

    Nothing of the repository is run, and none of its settings count: see `git` and `quarantine`.
    """

    def __init__(
        self, root: Path, max_file_bytes: int = MAX_FILE_BYTES, deadline_s: float = HISTORY_DEADLINE_S
    ) -> None:
        repository = Git(root, deadline_s=deadline_s)
        if repository.says("rev-parse", "--git-dir") is None:
            raise NotFound(f"{root} is not a git repository. Give the path of a clone, or run this in one.")
        top = repository.says("rev-parse", "--show-toplevel") or repository.text("rev-parse", "--absolute-git-dir")
        self.name = _name_of(Path(top))
        self.origin = repository.says("config", "--get", "remote.origin.url") or ""
        self._is_shallow = repository.says("rev-parse", "--is-shallow-repository") == "true"
        self._quarantine = quarantine_of(repository, layout_of(repository), max_file_bytes, deadline_s)
        self._git = self._quarantine.git
        self._revisions = Revisions(repository, self._git)
        self._blobs: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        """Removes what was put aside."""
        self._quarantine.close()

    def main_line(self, head: str, last: int, which: Which | None = None) -> MainLine:
        """The last so many pull requests as the first-parent line shows them.

        With `which` None they are its merges where at least half of its latest commits are merges, else all its
        commits. The first commit of all is none: it has nothing to be compared with.
        """
        sha = self._revisions.commit(head)
        latest = self._commits("--max-count=1", sha)[0]
        looked_at = self._commits(f"--max-count={_LOOKED_AT}", sha)
        merges = sum(len(commit.parents) > 1 for commit in looked_at)
        which = which or ("merges" if merges * 2 >= len(looked_at) else "commits")
        parents = 2 if which == "merges" else 1
        chosen = self._commits(f"--min-parents={parents}", f"--max-count={last}", sha)
        if not chosen:
            raise self._nothing_to_compare(which)
        since = () if which == "commits" else self._commits(f"^{chosen[-1].parents[0]}", sha)
        return MainLine(
            head=latest,
            chosen=chosen,
            commits=since or chosen,
            which=which,
            merges_of=(merges, len(looked_at)),
            is_cut=self._is_shallow and len(chosen) < last,
        )

    def diffs(self, commits: Sequence[Commit], wanted: Callable[[str], bool], most_files: int) -> Iterator[CommitDiff]:
        """Each commit against its first parent, in the order given: all from one git.

        A commit that git cannot compare, because objects are missing, is given as unread; git is started anew after it.
        """
        left = list(commits)
        while left:
            asked = list(left)
            try:
                for diff in self._streamed(asked, wanted, most_files):
                    del left[0]
                    yield diff
            except SourceError as broken:
                if len(asked) > 1:  # the one that broke it, or silent ones before it: find out one by one
                    yield from self._up_to_a_broken_one(left, wanted, most_files)
                else:
                    yield CommitDiff(left.pop(0), unread=str(broken))

    def _up_to_a_broken_one(
        self, left: list[Commit], wanted: Callable[[str], bool], most_files: int
    ) -> Iterator[CommitDiff]:
        """Takes commits off the list, one git for each, until one cannot be compared."""
        while left:
            commit = left.pop(0)
            try:
                yield from self._streamed([commit], wanted, most_files)
            except SourceError as broken:
                yield CommitDiff(commit, unread=str(broken))
                return

    def _streamed(
        self, commits: Sequence[Commit], wanted: Callable[[str], bool], most_files: int
    ) -> Iterator[CommitDiff]:
        """From one git. Raises SourceError before the first commit that it cannot compare."""
        asked = "".join(f"{commit.sha} {commit.parents[0]}\n" for commit in commits).encode()
        large = f"core.bigFileThreshold={self._quarantine.max_file_bytes}"
        left = iter(commits)
        with self._git.stream("-c", large, "diff-tree", "--stdin", *OPTIONS, stdin=asked) as stream:
            for sha, files, unlisted in diffs_in(stream, wanted, most_files):
                for commit in left:
                    if commit.sha == sha:
                        yield CommitDiff(commit, files, unlisted)
                        break
                    yield CommitDiff(commit)
        yield from map(CommitDiff, left)

    def contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """What the blobs hold, up to the limit of a file and one byte more; those not at hand are left out."""
        asked = list(dict.fromkeys(blobs))
        with self._lock:
            found = {blob: self._blobs[blob] for blob in asked if blob in self._blobs}
        missing = [blob for blob in asked if blob not in found]
        if missing:
            read = self._quarantine_contents(missing)
            found |= read
            with self._lock:
                self._keep(read)
        return found

    def search(self, sha: str) -> TreeSearch:
        """All files of a commit."""
        held = self._quarantine
        return TreeSearch(held.searching, sha, held.max_file_bytes, keeps=held)

    def policy(self, commit: Commit) -> PolicyTexts:
        """What the repository says at that commit of how it wants to be reviewed."""
        texts = TreePair(self._quarantine, commit.sha, commit.sha).policy()
        return texts.model_copy(update={"repository_sha": commit.sha})

    def _commits(self, *options: str) -> tuple[Commit, ...]:
        fixed = ("--first-parent", "--encoding=UTF-8", f"--format={_FIELDS}")
        told = self._git.output("rev-list", *fixed, *options).decode("utf-8", "replace").split("\0")
        rows = zip(*[iter(told)] * 5, strict=False)
        return tuple(
            Commit(sha.rsplit("\n", 1)[-1], tuple(parents.split()), int(at), subject, body[:_BODY_CHARS])
            for sha, parents, at, subject, body in rows
        )

    def _nothing_to_compare(self, which: Which) -> SourceError | NotFound:
        if self._is_shallow:
            return SourceError(
                "This clone is too shallow: it holds no commit together with the one before. "
                "Run `git fetch --unshallow` (in GitHub Actions: fetch-depth: 0)."
            )
        if which == "merges":
            return NotFound("There is no merge commit on this line. Leave --merges away to take every commit of it.")
        return NotFound("This repository has only its first commit: nothing to compare. Try `seawall scan PATH`.")

    def _quarantine_contents(self, blobs: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        with self._git.stream("cat-file", "--batch", stdin=asked) as stream:
            for blob in blobs:
                about = stream.line().split()
                if len(about) == 3:
                    content = stream.read(int(about[2]), self._quarantine.max_file_bytes + 1)
                    stream.read(1)
                    if about[1] == b"blob":
                        found[blob] = content
        return found

    def _keep(self, read: Mapping[str, bytes]) -> None:
        self._blobs.update(read)
        held = sum(map(len, self._blobs.values()))
        while held > _CACHED_BYTES:
            _, dropped = self._blobs.popitem(last=False)
            held -= len(dropped)


def _name_of(top: Path) -> str:
    """Of the folder that holds the files; of a bare one its own, without the ending."""
    return top.name.removesuffix(".git") or top.parent.name
