"""Addresses and node ids, as GitHub writes them into its answers."""

import base64
from dataclasses import dataclass
from urllib.parse import quote

from bot.demo.standin.records import Issue, PullRequest, Repository


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on this host. `api` is the root that the caller used (GitHub Enterprise Server has /api/v3)."""

    api: str
    site: str

    def user(self, login: str) -> str:
        return f"{self.api}/users/{quote(login)}"

    def profile(self, login: str) -> str:
        """The page of a person, or of the App behind a bot."""
        is_bot = login.endswith("[bot]")
        return f"{self.site}/apps/{login.removesuffix('[bot]')}" if is_bot else f"{self.site}/{login}"

    def repository(self, repository: Repository) -> str:
        return f"{self.api}/repos/{repository.full_name}"

    def pull(self, repository: Repository, pull: PullRequest) -> str:
        return f"{self.repository(repository)}/pulls/{pull.number}"

    def issue(self, repository: Repository, one: Issue | PullRequest) -> str:
        return f"{self.repository(repository)}/issues/{one.number}"

    def page(self, repository: Repository, path: str = "") -> str:
        """An address a person would open."""
        return f"{self.site}/{repository.full_name}" + (f"/{path}" if path else "")


def node_id(kind: str, id: int) -> str:
    """A global id such as `PRRT_MTAwMDAz`; GitHub's are as opaque."""
    return f"{kind}_{base64.urlsafe_b64encode(str(id).encode()).decode().rstrip('=')}"
