"""The past of one pull request by REST: four requests, and more where it is long."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain import PullRequest
from bot.github.history_told import EVENTS, NOBODY, Account, Commit, Moment, Told, comment, dismissal, review
from bot.github.host import GitHubHost
from bot.github.routes import of_pull_request, of_repository

MOST_PAGES = 30
"""Of its timeline, its comments and its commits, each."""
Node = Mapping[str, Any]


def told_by_rest(host: GitHubHost, pull_request: PullRequest) -> Told:
    """Raises as `bot.github.failures` says."""
    api = host.api(pull_request.repository.installation_id)
    pull = of_pull_request(pull_request)
    timeline = of_repository(pull_request.repository).below("/issues/{number}/timeline", number=pull_request.number)
    whole = api.get(pull)
    items = [item for page in api.pages(timeline, limit=MOST_PAGES) for item in page]
    said = [one for page in api.pages(pull.below("/comments"), limit=MOST_PAGES) for one in page]
    commits = [one for page in api.pages(pull.below("/commits"), limit=MOST_PAGES) for one in page]
    moments = [moment for item in items for moment in _moments(item)]
    moments += [moment for one in said for moment in _comment(one, "code")]
    return Told(
        moments=moments,
        commits=[_commit(one) for one in commits],
        size={
            "additions": whole["additions"],
            "deletions": whole["deletions"],
            "files": whole["changed_files"],
            "commits": whole["commits"],
        },
        merged_by=account(whole.get("merged_by")),
    )


def account(user: Node | None) -> Account:
    """From REST's object, which is null for an account that is gone."""
    return Account(user["login"], user.get("type") == "Bot") if user else NOBODY


def _moments(item: Node) -> Iterable[Moment]:
    event = item.get("event", "")
    if event in EVENTS:
        forced = {"is_forced": True} if event == "head_ref_force_pushed" else {}
        return [Moment(EVENTS[event], item["created_at"], account(item.get("actor")), forced)]
    if event == "reviewed":
        return review(item["id"], item["state"], item.get("submitted_at") or "", account(item.get("user")))
    if event == "review_dismissed":
        dismissed = item["dismissed_review"]
        return [dismissal(dismissed["review_id"], dismissed["state"], item["created_at"])]
    return _comment(item, "conversation") if event == "commented" else []


def _comment(node: Node, place: Any) -> list[Moment]:
    return comment(node["id"], node["created_at"], account(node.get("user")), node.get("body") or "", place)


def _commit(node: Node) -> Commit:
    """A commit whose author has no account here carries a name, which tells programs."""
    commit = node["commit"]
    author = commit["author"] or {}
    name = author.get("name") or ""
    by = (
        account(node.get("author")) if node.get("author") else Account(name, True) if name.endswith("[bot]") else NOBODY
    )
    return Commit(author["date"], (commit["committer"] or author)["date"], by)
