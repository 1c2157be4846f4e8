"""A change in a local git repository: two revisions, or one and the working tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.domain import Change, FileRef, Patch, PolicyTexts
from bot.errors import NotFound, SourceError
from bot.source.git import DEADLINE_S, Git
from bot.source.quarantine import Quarantine
from bot.source.revisions import Revisions
from bot.source.tree_pair import MAX_DIFF_BYTES, TreePair

MAX_FILE_BYTES = 1 << 20


class LocalGit:
    """A Source on the repository that holds `root`; paths are relative to the repository's top folder.

    `base` None: where this branch left the default branch. `head` None: the working tree, with what is uncommitted and
    what is untracked and not ignored. `policy`: used instead of the file at the base. `max_file_bytes`: larger files
    are given up to there and one byte more, their patches without hunks. `max_diff_bytes`: files beyond are listed.

    Raises NotFound (no repository, no commit, no such revision) and SourceError.
    """

    def __init__(
        self,
        root: Path,
        base: str | None = None,
        head: str | None = None,
        policy: PolicyTexts | None = None,
        max_file_bytes: int = MAX_FILE_BYTES,
        max_diff_bytes: int = MAX_DIFF_BYTES,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._policy, self._max_diff_bytes = policy, max_diff_bytes
        repository = Git(root, deadline_s=deadline_s)
        is_bare = repository.text("rev-parse", "--is-bare-repository") == "true"
        if is_bare and head is None:
            raise NotFound("This repository is bare, it has no working tree. Name a revision with --head.")
        inside = repository.text("rev-parse", "--is-inside-work-tree") == "true"
        self.root = _top_folder(repository) if inside else root.resolve()
        self._repository = Git(self.root, deadline_s=deadline_s)
        self._quarantine = quarantine_of(self._repository, max_file_bytes, deadline_s)
        self._revisions = Revisions(self._repository, self._quarantine.git)
        self._base, self._head = base, head

    def change(self) -> Change:
        """`head_sha` is HEAD's with `-dirty` put to it where the working tree differs from it."""
        ends = self._ends
        return Change(base_sha=ends.base_sha, head_sha=ends.head_sha, patches=self._patches, title=self._title())

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        return self._trees.read(wanted)

    def policy(self) -> PolicyTexts:
        """`.github/seawall.toml` at the base, unless the caller brought another."""
        if self._policy is not None:
            return self._policy
        return self._trees.policy().model_copy(update={"repository_sha": self._ends.base_sha})

    @property
    def unread(self) -> Mapping[FileRef, str]:
        """Nothing: a file that is there is read here."""
        return {}

    def close(self) -> None:
        """Removes what was put aside for comparing."""
        self._quarantine.close()

    @cached_property
    def _ends(self) -> "_Ends":
        head = self._revisions.commit(self._head or "HEAD")
        committed = self._revisions.tree(head)
        tree = committed if self._head else self._snapshot()
        is_dirty = tree != committed
        if self._base:
            base: str | None = self._revisions.merge_base(self._revisions.commit(self._base), head)
        else:
            base = self._revisions.default_base(head, is_dirty)
        if base is None:  # the first commit of all: compared with nothing
            empty = self._quarantine.git.text("mktree")
            return _Ends("", f"{head}-dirty" if is_dirty else head, empty, tree)
        return _Ends(base, f"{head}-dirty" if is_dirty else head, self._revisions.tree(base), tree)

    @cached_property
    def _trees(self) -> TreePair:
        return TreePair(self._quarantine, self._ends.base_tree, self._ends.head_tree, self._max_diff_bytes)

    @cached_property
    def _patches(self) -> tuple[Patch, ...]:
        return self._trees.patches()

    def _title(self) -> str:
        """The first line of the last commit, where there is one between base and head."""
        head = self._ends.head_sha.removesuffix("-dirty")
        if head == self._ends.base_sha:
            return "Uncommitted changes"
        return self._quarantine.git.output("log", "-1", "--format=%s", head).decode("utf-8", "replace").strip()

    def _snapshot(self) -> str:
        """The working tree as a git tree, as `git add --all` would make it; the repository stays as it is."""
        index, exclude = _paths(self._repository, "index", "info/exclude")
        self._quarantine.borrow_index(index, exclude)
        tracked = self._quarantine.listed(self.root, "--cached")
        others = self._quarantine.listed(self.root, "--others", "--exclude-standard")
        return self._quarantine.tree_of(self.root, tracked, others)


@dataclass(frozen=True)
class _Ends:
    base_sha: str
    head_sha: str
    base_tree: str
    head_tree: str


def _top_folder(repository: Git) -> Path:
    """Raises SourceError where the repository's own configuration moves its files: they could be anybody's."""
    top = Path(repository.text("rev-parse", "--show-toplevel"))
    if Git(top).says("rev-parse", "--absolute-git-dir") != repository.text("rev-parse", "--absolute-git-dir"):
        raise SourceError(
            f"This repository says that its files lie in {top} (core.worktree), which is not where it lies itself. "
            "If that is meant, compare two folders with --before and --after."
        )
    return top


def quarantine_of(repository: Git, max_file_bytes: int, deadline_s: float) -> Quarantine:
    """A quarantine that borrows the objects of this repository, and of its settings only harmless ones."""
    objects, shallow = _paths(repository, "objects", "shallow")
    settings = repository.says("config", "-z", "--get-regexp", r"^core\.") or ""
    pairs = (entry.partition("\n")[::2] for entry in settings.split("\0") if entry)
    return Quarantine(
        max_file_bytes,
        borrowed=objects,
        object_format=repository.says("rev-parse", "--show-object-format") or "sha1",
        shallow=shallow,
        settings=dict(pairs),
        keeps_line_ends=False,
        deadline_s=deadline_s,
    )


def _paths(repository: Git, *names: str) -> list[Path]:
    return [(repository.folder / repository.text("rev-parse", "--git-path", name)).resolve() for name in names]
