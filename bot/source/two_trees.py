"""A change between two folders that need not be repositories."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from bot.domain import Change, FileRef, PolicyTexts
from bot.errors import NotFound
from bot.source.git import DEADLINE_S
from bot.source.local import MAX_FILE_BYTES
from bot.source.quarantine import Quarantine
from bot.source.searching import TreeSearch
from bot.source.tree_pair import TreePair
from bot.source.walk import files_under


class TwoTrees:
    """A Source on two folders; git compares them, so hunks and renames are git's. Policy comes from `before`.

    Symbolic links are compared as links, never followed. Folders that hold installed packages, caches or a
    repository's own files are left out (`walk.LEFT_OUT`). The shas of the change are those of the folders' trees.
    """

    def __init__(
        self, before: Path, after: Path, max_file_bytes: int = MAX_FILE_BYTES, deadline_s: float = DEADLINE_S
    ) -> None:
        for folder in (before, after):
            if not folder.is_dir():
                raise NotFound(f"There is no folder {folder}.")
        self._before, self._after = before.resolve(), after.resolve()
        self._max_file_bytes, self._deadline_s = max_file_bytes, deadline_s

    def change(self) -> Change:
        trees = self._trees
        return Change(base_sha=trees.base, head_sha=trees.head, patches=trees.patches())

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        return self._trees.read(wanted)

    def policy(self) -> PolicyTexts:
        return self._trees.policy().model_copy(update={"repository_sha": self._trees.base})

    @property
    def unread(self) -> Mapping[FileRef, str]:
        """Nothing: a file that is there is read here."""
        return {}

    def search(self) -> TreeSearch:
        """All files of `after` that are compared."""
        return TreeSearch(self._quarantine.searching, self._trees.head, self._max_file_bytes, keeps=self._quarantine)

    def close(self) -> None:
        """Removes what was put aside for comparing."""
        self._quarantine.close()

    @cached_property
    def _quarantine(self) -> Quarantine:
        return Quarantine(self._max_file_bytes, deadline_s=self._deadline_s)

    @cached_property
    def _trees(self) -> TreePair:
        base, head = self._tree(self._before), self._tree(self._after)
        return TreePair(self._quarantine, base, head)

    def _tree(self, folder: Path) -> str:
        self._quarantine.forget_index()
        names = (os.fsencode(path.relative_to(folder)) for path in files_under(folder, links=True))
        return self._quarantine.tree_of(folder, (), names)
