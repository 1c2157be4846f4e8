"""GraphQL where the host has it: asked once in a while, done without otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import Standing
from bot.errors import HostUnavailable, RefusedError
from bot.github.api import Api
from bot.github.breaker import CircuitOpen
from bot.github.failures import Garbled
from bot.github.host import GitHubHost

MISSING_FOR_S = 3600.0
DOWN_FOR_S = 60.0
_NOT_THERE = {"NOT_FOUND", "FORBIDDEN"}


@dataclass(frozen=True)
class Reply:
    """`data` without what failed; `failed` are the paths (joined by /) whose answer is not known, "" for any."""

    data: Mapping[str, Any]
    failed: frozenset[str]

    @property
    def repository(self) -> Mapping[str, Any]:
        return self.data["repository"] or {}

    def standing(self) -> Standing | None:
        """The pull request's state, where the query asked for it; no review in it."""
        pull_request = self.repository.get("pullRequest")
        if not pull_request:
            return None
        return Standing(
            is_open=pull_request["state"] == "OPEN",
            is_draft=pull_request["isDraft"],
            base_sha=pull_request["baseRefOid"],
            head_sha=pull_request["headRefOid"],
        )


def ask(host: GitHubHost, api: Api, query: str, variables: Mapping[str, object]) -> Reply | None:
    """None where GraphQL cannot be had here or now: the caller then asks REST, whose errors are plainer."""
    if host.no_graphql:
        return None
    try:
        answer = api.query(query, variables)
    except (RefusedError, Garbled):
        host.no_graphql.avoid(MISSING_FOR_S)
        return None
    except CircuitOpen:
        raise
    except HostUnavailable:
        host.no_graphql.avoid(DOWN_FOR_S)
        return None
    data = answer["data"]
    if not isinstance(data, dict):
        host.no_graphql.avoid(MISSING_FOR_S if _is_misunderstood(answer["errors"]) else DOWN_FOR_S)
        return None
    if not isinstance(data.get("repository"), dict):
        return None
    failed = {
        "/".join(map(str, error.get("path", ())))
        for error in answer["errors"]
        if isinstance(error, dict) and error.get("type") not in _NOT_THERE
    }
    return Reply(data, frozenset(failed))


def _is_misunderstood(errors: Sequence[Any]) -> bool:
    """GitHub gives a code where it does not know a field we ask for; an older Enterprise Server will not learn it."""
    return any(isinstance(error, dict) and (error.get("extensions") or {}).get("code") for error in errors)
