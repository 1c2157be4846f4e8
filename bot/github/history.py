"""The past of a repository's pull requests, as GitHub tells it afterwards, in the words of its webhooks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain import PullRequest, Repository, TimelineEvent
from bot.errors import NotFound
from bot.github.history_by_graphql import told_by_graphql
from bot.github.history_by_rest import told_by_rest
from bot.github.history_checks import checks_of
from bot.github.history_told import Listed, Told, events_of
from bot.github.host import GitHubHost
from bot.github.pulls import pull_request_of
from bot.github.routes import of_repository

AT_ONCE = 20
"""Pull requests whose past is best asked for together."""
MOST_PAGES = 1000

Past = tuple[PullRequest, list[TimelineEvent]]


@dataclass(frozen=True)
class Page:
    number: int
    """From 1."""
    listed: tuple[Listed, ...]


def changed_since(host: GitHubHost, repository: Repository, since: str, first_page: int = 1) -> Iterator[Page]:
    """Pull requests that changed at or after `since` (ISO 8601, UTC, ending in Z), whatever became of them; the latest
    change first, by the hundred. What changes meanwhile moves up: a page once passed need not be read again, as long as
    somebody looks at the top later. Raises as `bot.github.failures` says.
    """
    route = of_repository(repository).below("/pulls")
    asked = {"state": "all", "sort": "updated", "direction": "desc", "page": first_page}
    pages = host.api(repository.installation_id).chain(route, asked, limit=MOST_PAGES)
    for number, page in enumerate(pages, first_page):
        listed = tuple(_listed(found, repository) for found in page)
        yield Page(number, tuple(one for one in listed if one.updated_at >= since))
        if listed and listed[-1].updated_at < since:
            return


def past_of(host: GitHubHost, repository: Repository, listed: Sequence[Listed]) -> list[Past]:
    """What happened in each, in their order: the moments that webhooks would have told, at the same times, of the same
    accounts. Some things nobody can tell afterwards: which commit was the head then, and when commits were pushed (the
    time they were made at stands for it).

    One GraphQL query for up to AT_ONCE; four REST requests each where GraphQL cannot be had, or not all of it; and a
    request for the checks of each that is open. One that is gone meanwhile is left out. Raises as
    `bot.github.failures` says.
    """
    told = told_by_graphql(host, repository, [one.pull_request.number for one in listed])
    others = [one.pull_request for one in listed if one.pull_request.number not in told]
    found = host.api(repository.installation_id).parallel(lambda one: _told_if_there(host, one), others)
    told |= {one.number: by_rest for one, by_rest in zip(others, found, strict=True) if by_rest is not None}
    there = [one for one in listed if one.pull_request.number in told]
    live = [one.pull_request for one in there if one.pull_request.is_open]
    ended = host.api(repository.installation_id).parallel(partial(checks_of, host), live)
    checks = {one.number: events for one, events in zip(live, ended, strict=True)}
    return [
        (one.pull_request, events_of(one, told[number]) + checks.get(number, []))
        for one in there
        for number in [one.pull_request.number]
    ]


def _told_if_there(host: GitHubHost, pull_request: PullRequest) -> Told | None:
    try:
        return told_by_rest(host, pull_request)
    except NotFound:
        return None


def _listed(found: dict[str, object], repository: Repository) -> Listed:
    return Listed(
        pull_request=pull_request_of(found, repository),
        updated_at=str(found["updated_at"]),
        merged_at=str(found.get("merged_at") or ""),
    )
