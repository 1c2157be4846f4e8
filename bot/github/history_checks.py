"""How the checks of an open pull request's head ended, as GitHub tells it afterwards."""

from collections import defaultdict
from typing import Any, Final

from bot.domain import PullRequest, TimelineEvent
from bot.errors import Forbidden, NotFound
from bot.github.host import GitHubHost
from bot.github.routes import of_repository

_RUNS: Final = 100
"""The latest of each name, of one commit."""
_WELL: Final = frozenset({"success", "neutral", "skipped"})
Run = dict[str, Any]


def checks_of(host: GitHubHost, pull_request: PullRequest) -> list[TimelineEvent]:
    """What webhooks would have told when each app's suite ended, and that this commit is the head now. None where the
    head or its checks are gone or not ours to see. Raises as `bot.github.failures` says."""
    repository = pull_request.repository
    route = of_repository(repository).below("/commits/{sha}/check-runs", sha=pull_request.head_sha)
    try:
        answer = host.api(repository.installation_id).get(route, {"per_page": _RUNS})
    except (Forbidden, NotFound):
        return []
    is_whole = answer["total_count"] <= len(answer["check_runs"])
    suites: dict[int, list[Run]] = defaultdict(list)
    for run in answer["check_runs"]:
        suites[(run.get("check_suite") or {}).get("id") or 0].append(run)
    ended = [_ended(pull_request, runs) for runs in suites.values() if all(run["completed_at"] for run in runs)]
    return [one for one in ended if is_whole or one.details["conclusion"] not in _WELL]


def _ended(pull_request: PullRequest, runs: list[Run]) -> TimelineEvent:
    """A suite is as well as the worst of its runs, and ends with the last."""
    last = max(runs, key=lambda run: str(run["completed_at"]))
    worst = next((run for run in runs if run["conclusion"] not in _WELL), last)
    told = {"conclusion": worst["conclusion"], "sha": pull_request.head_sha, "is_head": True}
    return TimelineEvent(
        repository_id=pull_request.repository.id,
        number=pull_request.number,
        event="checked",
        at=last["completed_at"],
        details=told | {"app": (last.get("app") or {}).get("slug") or ""},
    )
