"""A commit of the past as the review pipeline reads a pull request: base is its first parent."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.domain import Change, FileRef, PolicyTexts
from bot.domain.searching import Search
from bot.source.history import CommitDiff

Contents = Callable[[Iterable[str]], Mapping[str, bytes]]
"""Blob ids → what they hold."""


class CommitSource:
    """A Source. `policy`: the one to judge by, which need not be of that time."""

    def __init__(
        self, diff: CommitDiff, contents: Contents, policy: PolicyTexts, search: Callable[[str], Search]
    ) -> None:
        self._diff, self._contents, self._policy, self._search = diff, contents, policy, search
        self._blobs: dict[FileRef, str] = {}
        for file in diff.files:
            if file.after:
                self._blobs[FileRef(file.patch.path, "RIGHT")] = file.after
            if file.before:
                self._blobs[FileRef(file.patch.path_at_base, "LEFT")] = file.before

    def change(self) -> Change:
        commit = self._diff.commit
        return Change(
            base_sha=commit.parents[0],
            head_sha=commit.sha,
            patches=tuple(file.patch for file in self._diff.files),
            title=commit.title,
            unlisted_files=self._diff.unlisted_files,
        )

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        blobs = {ref: self._blobs[ref] for ref in wanted if ref in self._blobs}
        found = self._contents(blobs.values())
        return {ref: found[blob] for ref, blob in blobs.items() if blob in found}

    def search(self) -> Search:
        """All files of the commit."""
        return self._search(self._diff.commit.sha)

    def policy(self) -> PolicyTexts:
        return self._policy

    @property
    def unread(self) -> Mapping[FileRef, str]:
        """Nothing beyond what `read` leaves out."""
        return {}
