"""Pull requests and repositories, as GitHub describes them now."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain import PullRequest, Repository
from bot.github.host import GitHubHost
from bot.github.routes import Route, of_repository, repository_named
from bot.redaction import masked

MOST_PAGES = 100


def fetch_pull_request(host: GitHubHost, repository: Repository, number: int) -> PullRequest:
    """Raises NotFound where there is none. The repository's id is filled in where it was 0."""
    route = of_repository(repository).below("/pulls/{number}", number=number)
    return pull_request_of(host.api(repository.installation_id).get(route), repository)


def open_pull_requests(host: GitHubHost, repository: Repository) -> Iterator[PullRequest]:
    """All that are open, latest first; drafts too. Read page by page."""
    route = of_repository(repository).below("/pulls")
    for page in host.api(repository.installation_id).chain(route, {"state": "open"}, limit=MOST_PAGES):
        yield from (pull_request_of(found, repository) for found in page)


def pull_requests_for_commit(host: GitHubHost, repository: Repository, sha: str) -> list[PullRequest]:
    """The open ones whose head is this commit."""
    route = of_repository(repository).below("/commits/{sha}/pulls", sha=sha)
    found = host.api(repository.installation_id).get(route, {"per_page": 100})
    described = (pull_request_of(one, repository) for one in found)
    return [pull_request for pull_request in described if pull_request.is_open and pull_request.head_sha == sha]


def fetch_repository(host: GitHubHost, owner: str, name: str) -> Repository:
    """A repository by its name, with the installation of our App where we are one. Raises NotFound."""
    route = repository_named(owner, name)
    installation_id = host.app_api().get(route.below("/installation"))["id"] if host.settings.is_app else None
    return repository_of(host.api(installation_id).get(route), installation_id)


def installation_repositories(host: GitHubHost, names: tuple[str, ...] = ()) -> Iterator[Repository]:
    """Every repository our App is installed on. A token has no such list: there it is the `owner/name`s given,
    patterns left out."""
    if not host.settings.is_app:
        for full_name in names:
            if "*" not in full_name and full_name.count("/") == 1:
                yield fetch_repository(host, *full_name.split("/"))
        return
    for page in host.app_api().chain(Route("/app/installations"), limit=MOST_PAGES):
        for installation in page:
            if not installation.get("suspended_at"):
                yield from _repositories_of(host, installation["id"])


def _repositories_of(host: GitHubHost, installation_id: int) -> Iterator[Repository]:
    for page in host.api(installation_id).chain(Route("/installation/repositories"), limit=MOST_PAGES):
        yield from (repository_of(found, installation_id) for found in page["repositories"])


def repository_of(found: Mapping[str, Any], installation_id: int | None) -> Repository:
    """From the API's object."""
    return Repository(
        id=found["id"], owner=found["owner"]["login"], name=found["name"], installation_id=installation_id
    )


def pull_request_of(found: Mapping[str, Any], repository: Repository) -> PullRequest:
    """From the API's object, whole or as lists give it. Secrets in its words are masked, as the edge masks them: it is
    kept with every job.
    """
    base_repository = found["base"].get("repo") or {}
    author = found.get("user") or {}
    return PullRequest(
        repository=repository if repository.id else repository.model_copy(update={"id": base_repository.get("id", 0)}),
        number=found["number"],
        base_ref=found["base"]["ref"],
        base_sha=found["base"]["sha"],
        head_ref=found["head"]["ref"],
        head_sha=found["head"]["sha"],
        title=masked(found.get("title") or ""),
        body=masked(found.get("body") or ""),
        author=author.get("login", ""),
        author_is_bot=author.get("type") == "Bot",
        labels=tuple(masked(label["name"]) for label in found.get("labels", ()) if label.get("name")),
        is_draft=bool(found.get("draft")),
        is_open=found["state"] == "open",
        url=found.get("html_url", ""),
        created_at=found.get("created_at", ""),
    )
