"""Paths of GitHub's REST interface, kept with their templates: metrics count by template, requests go to the path."""

from dataclasses import dataclass, field
from urllib.parse import quote

from bot.domain import PullRequest, Repository

GRAPHQL = "/graphql"


@dataclass(frozen=True)
class Route:
    """`Route("/pulls/{number}", {"number": 7})`. Values are quoted; a slash in one stays a slash."""

    template: str
    values: dict[str, object] = field(default_factory=dict)

    def below(self, template: str, **values: object) -> "Route":
        return Route(self.template + template, self.values | values)

    @property
    def path(self) -> str:
        return self.template.format_map({name: quote(str(value), safe="/") for name, value in self.values.items()})


def repository_named(owner: str, name: str) -> Route:
    return Route("/repos/{owner}/{name}", {"owner": owner, "name": name})


def of_repository(repository: Repository) -> Route:
    return repository_named(repository.owner, repository.name)


def of_pull_request(pull_request: PullRequest) -> Route:
    return of_repository(pull_request.repository).below("/pulls/{number}", number=pull_request.number)
