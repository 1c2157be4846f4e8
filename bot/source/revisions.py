"""Which commits a local review compares."""

from bot.errors import NotFound, SourceError
from bot.source.git import Git

_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class Revisions:
    """`repository`: where names are known. `objects`: where history is walked, without the repository's settings."""

    def __init__(self, repository: Git, objects: Git) -> None:
        self._repository, self._objects = repository, objects

    def commit(self, revision: str) -> str:
        """The commit's sha. Raises NotFound where there is no such revision, or no commit at all."""
        sha = self._repository.says("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if sha:
            return sha
        if not self._repository.says("rev-list", "--all", "--max-count=1"):
            raise NotFound("This repository has no commits yet. Commit first, or use `seawall scan PATH` on its files.")
        raise NotFound(f"There is no revision {revision} in this repository. Fetch it, or check its spelling.")

    def tree(self, commit: str) -> str:
        """The id of the commit's tree."""
        return self._objects.text("rev-parse", f"{commit}^{{tree}}")

    def merge_base(self, base: str, head: str) -> str:
        """Where head left base. Raises SourceError where their histories do not meet here."""
        if sha := self._objects.says("merge-base", base, head):
            return sha
        if self._repository.says("rev-parse", "--is-shallow-repository") == "true":
            raise SourceError(
                "This clone is too shallow to hold the point where the branches part. "
                "Run `git fetch --unshallow` (in GitHub Actions: fetch-depth: 0)."
            )
        raise SourceError(f"{base[:12]} and {head[:12]} have no history in common. Name the base with --base.")

    def default_base(self, head: str, has_local_changes: bool) -> str | None:
        """Where the head left the default branch; on that branch, the last commit that is not under review.

        None where that is before the first commit.
        """
        default = self._default_branch()
        base = self.merge_base(default[1], head) if default else head
        if base != head or has_local_changes or not self._is_on(default):
            return base
        return self._objects.says("rev-parse", "--verify", "--quiet", f"{head}^1")

    def _default_branch(self) -> tuple[str, str] | None:
        """Its short name and its commit."""
        for name in _DEFAULT_BRANCHES:
            if sha := self._repository.says("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
                full = self._repository.says("rev-parse", "--abbrev-ref", name) or name
                return full.removeprefix("origin/"), sha
        return None

    def _is_on(self, default: tuple[str, str] | None) -> bool:
        """A detached head, as in CI, counts: there is no branch whose own work could be meant instead."""
        branch = self._repository.says("symbolic-ref", "--short", "--quiet", "HEAD")
        return branch is None or default is None or branch == default[0]
