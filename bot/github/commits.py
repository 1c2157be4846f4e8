"""Commits of a pull request that were made by pressing "Commit suggestion"."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from bot.domain import PullRequest, Record
from bot.github.host import GitHubHost
from bot.github.routes import of_pull_request

MOST_PAGES = 3
"""GitHub lists 250 commits of a pull request, and says nothing of the rest."""
_TITLE = re.compile(r"Apply suggestions? from (?:code review|@\S+)")
_CREDIT = re.compile(r"^co-authored-by:[ \t]*(?P<name>[^<\n]*?)[ \t]*<(?P<mail>[^>\n]*)>", re.IGNORECASE | re.MULTILINE)


class SuggestionCommit(Record):
    sha: str
    message: str
    author: str = Field(description="Login of who pressed the button; the name in the commit where GitHub knows none")
    at: str
    credits_us: bool = Field(description="The commit names us as co-author: a suggestion of ours, and no other's")


def suggestion_commits(host: GitHubHost, pull_request: PullRequest) -> list[SuggestionCommit]:
    """Those that credit us, or are titled as GitHub titles them, oldest first. The title can be changed by whoever
    presses the button; the credit stays, through a rebase too."""
    api = host.api(pull_request.repository.installation_id)
    found: list[SuggestionCommit] = []
    for page in api.pages(of_pull_request(pull_request).below("/commits"), limit=MOST_PAGES):
        for commit in page:
            described = _described(commit, host.own_login())
            if described.credits_us or _TITLE.match(described.message):
                found.append(described)
    return found


def _described(found: Mapping[str, Any], own_login: str) -> SuggestionCommit:
    commit = found["commit"]
    author, message = commit.get("author") or {}, commit.get("message") or ""
    return SuggestionCommit(
        sha=found["sha"],
        message=message,
        author=(found.get("author") or {}).get("login") or author.get("name") or "",
        at=author.get("date") or "",
        credits_us=any(_is_us(credit, own_login.lower()) for credit in _CREDIT.finditer(message)),
    )


def _is_us(credit: re.Match[str], own_login: str) -> bool:
    """GitHub writes `login <1234+login@users.noreply.github.com>`; an Enterprise Server its own host."""
    user = credit["mail"].lower().partition("@")[0]
    return own_login in (credit["name"].lower(), user, user.partition("+")[2])
