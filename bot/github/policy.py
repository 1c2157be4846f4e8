"""The policy files of a repository's default branch, where no pull request is at hand."""

import base64

from bot.domain import PolicyTexts, Repository
from bot.errors import Forbidden, NotFound
from bot.github.host import GitHubHost
from bot.github.routes import Route, of_repository, repository_named
from bot.settings.policy import ORGANISATION_FILE, REPOSITORY_FILE


def default_policy(host: GitHubHost, repository: Repository) -> PolicyTexts:
    """The repository's file, and its organisation's where we can see one. Raises as `bot.github.failures` says."""
    api = host.api(repository.installation_id)

    def text(where: Route, path: str) -> str | None:
        try:
            found = api.get(where.below("/contents/{path}", path=path))
        except NotFound:
            return None
        if not isinstance(found, dict) or found.get("type") != "file":
            return None
        return base64.b64decode(found["content"]).decode("utf-8", "replace")

    try:
        organisation = text(repository_named(repository.owner, ".github"), ORGANISATION_FILE)
    except Forbidden:
        organisation = None
    return PolicyTexts(organisation=organisation, repository=text(of_repository(repository), REPOSITORY_FILE))
