"""A change in a local git repository: two revisions, or one and the working tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.domain import Change, FileRef, Patch, PolicyTexts
from bot.errors import NotFound
from bot.source.git import DEADLINE_S, Git
from bot.source.layout import Layout, layout_of
from bot.source.quarantine import Quarantine
from bot.source.revisions import Revisions
from bot.source.searching import TreeSearch
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
        self._layout = layout = layout_of(Git(root, deadline_s=deadline_s))
        if layout.is_bare and head is None:
            raise NotFound("This repository is bare, it has no working tree. Name a revision with --head.")
        self.root = layout.top() if layout.is_inside else layout.folder
        repository = Git(self.root, deadline_s=deadline_s)
        self._quarantine = quarantine_of(repository, layout, max_file_bytes, deadline_s)
        self._revisions = Revisions(repository, self._quarantine.git)
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

    def search(self) -> TreeSearch:
        """All files of the head; of the working tree as it was when it was first read."""
        held = self._quarantine
        return TreeSearch(held.searching, self._ends.head_tree, held.max_file_bytes, keeps=held)

    def close(self) -> None:
        """Removes what was put aside for comparing."""
        self._quarantine.close()

    @cached_property
    def _ends(self) -> "_Ends":
        named = self._head or "HEAD"
        self._revisions.look_up(named, self._base)
        head, committed = self._revisions.commit(named), self._revisions.tree(named)
        tree = committed if self._head else self._snapshot()
        is_dirty = tree != committed
        if self._base:
            base: str | None = self._revisions.merge_base(self._revisions.commit(self._base), head)
        else:
            base = self._revisions.default_base(head, is_dirty)
        if base is None:  # the first commit of all: compared with nothing
            empty = self._quarantine.git.text("mktree")
            return _Ends("", f"{head}-dirty" if is_dirty else head, empty, tree)
        return _Ends(base, f"{head}-dirty" if is_dirty else head, base, tree)

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
        self._quarantine.borrow_index(self._layout.index, self._layout.exclude)
        return self._quarantine.tree_of(self.root, *self._quarantine.unlike_the_index(self.root))


@dataclass(frozen=True)
class _Ends:
    base_sha: str
    head_sha: str
    base_tree: str
    """Or the commit that stands for it."""
    head_tree: str


def quarantine_of(repository: Git, layout: Layout, max_file_bytes: int, deadline_s: float) -> Quarantine:
    """A quarantine that borrows the objects of this repository, and of its settings only harmless ones."""
    settings = repository.says("config", "-z", "--get-regexp", r"^core\.") or ""
    pairs = (entry.partition("\n")[::2] for entry in settings.split("\0") if entry)
    return Quarantine(
        max_file_bytes,
        borrowed=layout.objects,
        object_format=layout.object_format,
        shallow=layout.shallow,
        settings=dict(pairs),
        keeps_line_ends=False,
        deadline_s=deadline_s,
    )
