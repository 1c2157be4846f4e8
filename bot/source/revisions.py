"""Which commits a local review compares."""

import os

from bot.errors import NotFound, SourceError
from bot.regex import regex
from bot.source.git import Git

_ID = regex(rb"[0-9a-f]{40,64}")
_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class Revisions:
    """`repository`: where names are known. `objects`: where history is walked, without the repository's settings."""

    def __init__(self, repository: Git, objects: Git) -> None:
        self._repository, self._objects = repository, objects
        self._found: dict[str, str] = {}

    def look_up(self, head: str, base: str | None) -> None:
        """What a review will ask for, all from one git: the head, and the base or where a default branch may be."""
        bases = [base] if base else _DEFAULT_BRANCHES
        self._find(_tree(head), *(_commit(revision) for revision in (head, *bases)))

    def commit(self, revision: str) -> str:
        """The commit's sha. Raises NotFound where there is no such revision, or no commit at all."""
        if sha := self._id_of(_commit(revision)):
            return sha
        if not self._repository.says("rev-list", "--all", "--max-count=1"):
            raise NotFound("This repository has no commits yet. Commit first, or use `seawall scan PATH` on its files.")
        raise NotFound(f"There is no revision {revision} in this repository. Fetch it, or check its spelling.")

    def tree(self, revision: str) -> str:
        """The id of its tree. Raises SourceError where it is not at hand."""
        return self._id_of(_tree(revision)) or self._objects.text("rev-parse", _tree(self.commit(revision)))

    def merge_base(self, base: str, head: str) -> str:
        """Where head left base. Raises SourceError where their histories do not meet here."""
        if sha := self._objects.says("merge-base", base, head):
            return sha
        self._refuse_shallow("the point where the branches part")
        raise SourceError(f"{base[:12]} and {head[:12]} have no history in common. Name the base with --base.")

    def default_base(self, head: str, has_local_changes: bool) -> str | None:
        """Where the head left the default branch; on that branch, the last commit that is not under review.

        None where that is before the first commit. Raises SourceError where a shallow clone lacks it: all that the
        head holds is not what it changed.
        """
        default = self._default_branch()
        base = self.merge_base(self._id_of(_commit(default)), head) if default else head
        if base != head or has_local_changes or not self._is_on(default):
            return base
        before = self._objects.says("rev-parse", "--verify", "--quiet", f"{head}^1")
        if not before:
            self._refuse_shallow("the commit before the head")
        return before

    def _refuse_shallow(self, missing: str) -> None:
        if self._repository.says("rev-parse", "--is-shallow-repository") == "true":
            raise SourceError(
                f"This clone is too shallow to hold {missing}. "
                "Run `git fetch --unshallow` (in GitHub Actions: fetch-depth: 0)."
            )

    def _default_branch(self) -> str | None:
        return next((name for name in _DEFAULT_BRANCHES if self._id_of(_commit(name))), None)

    def _is_on(self, default: str | None) -> bool:
        """A detached head, as in CI, counts: there is no branch whose own work could be meant instead."""
        branch = self._repository.says("symbolic-ref", "--short", "--quiet", "HEAD")
        if branch is None or default is None:
            return True
        full = self._repository.says("rev-parse", "--abbrev-ref", default) or default
        return branch == full.removeprefix("origin/")

    def _id_of(self, name: str) -> str:
        """Empty where there is no such object, or its name means several."""
        if name not in self._found:
            self._find(name)
        return self._found[name]

    def _find(self, *names: str) -> None:
        """One line of each, in which git says its id or what is wrong with it."""
        asked = [name for name in names if "\n" not in name]
        lines = os.fsencode("".join(f"{name}\n" for name in asked))
        told = self._repository.output("cat-file", "--batch-check=%(objectname)", stdin=lines).split(b"\n")
        ids = (line.decode() if _ID.fullmatch(line) else "" for line in told)
        self._found |= dict.fromkeys(names, "") | dict(zip(asked, ids, strict=False))


def _commit(revision: str) -> str:
    return f"{revision}^{{commit}}"


def _tree(revision: str) -> str:
    return f"{revision}^{{tree}}"
