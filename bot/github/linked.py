"""The issues that a pull request says it settles."""

import re
from typing import Any

from bot.domain import PullRequest
from bot.errors import SeawallError
from bot.github.host import GitHubHost
from bot.github.routes import of_repository

MOST_ISSUES = 2
_MOST_CHARS = 2000
_SETTLES = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:(?P<place>[\w.-]+/[\w.-]+)?#|https?://\S+?/(?P<where>[\w.-]+/[\w.-]+)/issues/)"
    r"(?P<number>[1-9]\d{0,8})\b",
    re.IGNORECASE,
)


def issues_named(pull_request: PullRequest) -> list[int]:
    """Numbers of issues of the same repository, as GitHub reads `fixes #12`, `closes: owner/name#12` and addresses."""
    own = pull_request.repository.full_name.lower()
    found = _SETTLES.finditer(f"{pull_request.title}\n{pull_request.body}")
    numbers = (int(one["number"]) for one in found if (one["place"] or one["where"] or own).lower() == own)
    return [number for number in dict.fromkeys(numbers) if number != pull_request.number][:MOST_ISSUES]


def linked_issues(host: GitHubHost, pull_request: PullRequest) -> list[str]:
    """`Issue #12 (open): title`, then its text in whole lines. One that cannot be read is left out."""
    api = host.api(pull_request.repository.installation_id)
    texts = []
    for number in issues_named(pull_request):
        try:
            issue = api.get(of_repository(pull_request.repository).below("/issues/{number}", number=number))
        except SeawallError:
            continue  # a review does without it
        if isinstance(issue, dict) and "pull_request" not in issue:
            texts.append(_told(issue))
    return texts


def _told(issue: dict[str, Any]) -> str:
    body = str(issue.get("body") or "")
    if len(body) > _MOST_CHARS:
        body = body[:_MOST_CHARS].rpartition("\n")[0]
    return f"Issue #{issue.get('number')} ({issue.get('state')}): {issue.get('title')}\n{body}".rstrip()
