"""The past of a repository beyond its pull requests: deployments, releases, and issues that tell of incidents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from bot.domain import Repository, TimelineEvent
from bot.domain.timeline import OF_REPOSITORY, RepositoryEvent
from bot.errors import Forbidden, NotFound
from bot.github.history_by_rest import account
from bot.github.host import GitHubHost
from bot.github.quota import leave_some
from bot.github.routes import of_repository
from bot.redaction import masked

MOST_PAGES = 100
MOST_PAGES_OF_DEPLOYMENTS = 1000
DEPLOYMENTS: Final = "deployments (deployments: read)"
"""As they are named with what they need, where GitHub would not show them."""
_LEFT_LYING: Final = timedelta(days=90)
"""A release is listed by when its commit was made; longer than this none waits to be published, as a rule."""
_ENDS: Final = {"success": "success", "failure": "failure", "error": "failure"}
Events = list[TimelineEvent]


class DeploymentPage(NamedTuple):
    """Deployments made one after the other, the latest first."""

    number: int
    """From 1."""
    events: Events
    """Of those that came to their end, at that time."""
    read: int
    reached: str
    """When the last of them was made; empty where there is none."""


def deployments_since(
    host: GitHubHost, repository: Repository, since: str, first_page: int = 1, before: str = ""
) -> Iterator[DeploymentPage]:
    """Those made since then (ISO 8601, UTC, ending in Z), and none later than `before`, where that is named. Each costs
    a request, so a page costs a hundred; what is made meanwhile moves the others down: a page once passed need not be
    read again, as long as somebody looks at the top later. Raises as `bot.github.failures` says, and RateLimited
    where only what others need is left.
    """
    api, route = host.api(repository.installation_id), of_repository(repository).below("/deployments")

    def statuses_of(deployment: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            return list(api.get(route.below("/{id}/statuses", id=deployment["id"]), {"per_page": 100}))
        except NotFound:  # it was taken away meanwhile
            return []

    pages = api.chain(route, {"page": first_page}, limit=MOST_PAGES_OF_DEPLOYMENTS)
    for number, page in enumerate(_until(pages, "created_at", since), first_page):
        fresh = [one for one in page if not before or one["created_at"] <= before]
        leave_some(host, repository)
        told = zip(fresh, api.parallel(statuses_of, fresh), strict=True)
        events = [event for one, statuses in told for event in _endings(repository, one, statuses)]
        yield DeploymentPage(number, events, len(fresh), page[-1]["created_at"] if page else "")


def past_of_repository(
    host: GitHubHost, repository: Repository, since: str, incident_labels: Sequence[str]
) -> tuple[Events, list[str]]:
    """Releases and incidents since then (ISO 8601, UTC, ending in Z), and what GitHub would not let us see, each with
    what it needs. Raises as `bot.github.failures` says where GitHub cannot be asked at all."""
    asked: dict[str, Callable[[], Iterator[TimelineEvent]]] = {
        "releases (contents: read)": lambda: _releases(host, repository, since),
        "issues (issues: read)": lambda: _incidents(host, repository, since, incident_labels),
    }
    events: Events = []
    refused = []
    for name, read in asked.items():
        try:
            events += list(read())
        except (Forbidden, NotFound):
            refused.append(name)
    return events, refused


def _endings(
    repository: Repository, deployment: dict[str, Any], statuses: Iterable[dict[str, Any]]
) -> Iterator[TimelineEvent]:
    for status in statuses:
        if (state := _ENDS.get(status["state"])) is not None:
            told = {"environment": deployment["environment"], "state": state}
            told |= {"sha": deployment["sha"], "id": deployment["id"]}
            yield _event(repository, "deployed", status["created_at"], status["creator"], told)


def _releases(host: GitHubHost, repository: Repository, since: str) -> Iterator[TimelineEvent]:
    pages = host.api(repository.installation_id).chain(of_repository(repository).below("/releases"), limit=MOST_PAGES)
    for page in _until(pages, "created_at", f"{datetime.fromisoformat(since) - _LEFT_LYING:%Y-%m-%dT%H:%M:%SZ}"):
        for release in page:
            if not release["draft"] and release["published_at"] and release["published_at"] >= since:
                told = {"tag": release["tag_name"], "is_prerelease": release["prerelease"]}
                yield _event(repository, "released", release["published_at"], release["author"], told)


def _incidents(host: GitHubHost, repository: Repository, since: str, labels: Sequence[str]) -> Iterator[TimelineEvent]:
    route = of_repository(repository).below("/issues")
    seen = set()
    for label in labels:
        asked = {"labels": label, "state": "all", "since": since}
        for page in host.api(repository.installation_id).chain(route, asked, limit=MOST_PAGES):
            for issue in page:
                if "pull_request" in issue or issue["number"] in seen:
                    continue
                seen.add(issue["number"])
                yield from _incident(repository, issue)


def _incident(repository: Repository, issue: dict[str, Any]) -> Iterator[TimelineEvent]:
    number = {"issue": issue["number"]}
    told = number | {"title": masked(issue["title"]), "url": issue["html_url"]}
    yield _event(repository, "incident-opened", issue["created_at"], issue["user"], told)
    if issue["closed_at"]:
        yield _event(repository, "incident-closed", issue["closed_at"], issue.get("closed_by"), number)


def _until(pages: Iterable[list[dict[str, Any]]], key: str, since: str) -> Iterator[list[dict[str, Any]]]:
    """Pages, newest first, without what is older; none after the first that holds such."""
    for page in pages:
        fresh = [one for one in page if one[key] >= since]
        yield fresh
        if len(fresh) < len(page):
            return


def _event(
    repository: Repository, event: RepositoryEvent, at: str, by: dict[str, Any] | None, details: dict[str, Any]
) -> TimelineEvent:
    return TimelineEvent(
        repository_id=repository.id, number=OF_REPOSITORY, event=event, at=at, actor=account(by).login, details=details
    )
