"""Repositories and pull requests, as the code host describes them."""

import re
from typing import Final

from pydantic import Field

from bot.domain.record import Record
from bot.regex import regex

_REVERTED: Final = regex(r"^Reverts (?:[\w.-]+/[\w.-]+)?#([0-9]{1,9})(?![0-9])", re.MULTILINE)
"""As GitHub's button writes it: `Reverts acme/shop#12`."""


class Repository(Record):
    """A repository is known by its id; the name may change."""

    id: int
    owner: str
    name: str
    installation_id: int | None = None

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


class PullRequest(Record):
    """A pull request as its webhook or the API described it."""

    repository: Repository
    number: int
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    title: str = ""
    body: str = ""
    author: str = ""
    author_is_bot: bool = False
    labels: tuple[str, ...] = ()
    is_draft: bool = False
    is_open: bool = True
    url: str = ""
    created_at: str = Field(default="", description="ISO 8601, UTC")

    @property
    def key(self) -> str:
        """`<repository id>#<number>`, for ids and locks."""
        return f"{self.repository.id}#{self.number}"

    @property
    def review_key(self) -> str:
        """`<repository id>#<number>@<base>..<head>`: for each there is one review."""
        return f"{self.key}@{self.base_sha[:12]}..{self.head_sha[:12]}"

    @property
    def reverts(self) -> int | None:
        """The number of the pull request that this one takes back, where its title and its description say so."""
        found = _REVERTED.search(self.body) if self.title.startswith("Revert") else None
        return int(found[1]) if found else None
