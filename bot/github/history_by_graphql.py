"""The past of several pull requests in one GraphQL query."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain import Repository
from bot.github.graphql import ask
from bot.github.history_queries import EVENTS, past_query
from bot.github.history_told import NOBODY, Account, Commit, Moment, Told, comment, dismissal, review
from bot.github.host import GitHubHost
from bot.github.routes import of_repository
from bot.github.threads import login_of

Node = Mapping[str, Any]


def told_by_graphql(host: GitHubHost, repository: Repository, numbers: Sequence[int]) -> dict[int, Told]:
    """By number; without those of which GraphQL cannot tell, or not all of it."""
    variables = of_repository(repository).values | {f"n{index}": number for index, number in enumerate(numbers)}
    reply = ask(host, host.api(repository.installation_id), past_query(len(numbers)), variables)
    if reply is None or "" in reply.failed:
        return {}
    broken = {path.split("/")[1] for path in reply.failed if "/" in path}
    told: dict[int, Told] = {}
    for index, number in enumerate(numbers):
        node = reply.repository.get(f"p{index}")
        if node and f"p{index}" not in broken and _is_whole(node):
            told[number] = _told(node)
    return told


def _is_whole(node: Node) -> bool:
    """False where a page is not the last one, or where GitHub would not show something on it."""
    pages = [node["timelineItems"], node["reviewThreads"]]
    pages += [thread and thread["comments"] for thread in (node["reviewThreads"] or {}).get("nodes", ())]
    return all(page and not page["pageInfo"]["hasNextPage"] and all(page["nodes"]) for page in pages)


def _told(node: Node) -> Told:
    items = node["timelineItems"]["nodes"]
    said = [one for thread in node["reviewThreads"]["nodes"] for one in thread["comments"]["nodes"]]
    moments = [moment for item in items for moment in _moments(item)]
    moments += [moment for one in said for moment in _comment(one, "code")]
    return Told(
        moments=moments,
        commits=[_commit(item["commit"]) for item in items if item["__typename"] == "PullRequestCommit"],
        size={
            "additions": node["additions"],
            "deletions": node["deletions"],
            "files": node["changedFiles"],
            "commits": node["commits"]["totalCount"],
        },
        merged_by=_account(node["mergedBy"]),
    )


def _moments(item: Node) -> Iterable[Moment]:
    kind = item["__typename"]
    if kind in EVENTS:
        forced = {"is_forced": True} if kind == "HeadRefForcePushedEvent" else {}
        return [Moment(EVENTS[kind], item["createdAt"], _account(item["actor"]), forced)]
    if kind == "PullRequestReview":
        return review(int(item["fullDatabaseId"]), item["state"], item["submittedAt"] or "", _account(item["author"]))
    if kind == "ReviewDismissedEvent" and item["review"]:
        return [dismissal(int(item["review"]["fullDatabaseId"]), item["previousReviewState"], item["createdAt"])]
    return _comment(item, "conversation") if kind == "IssueComment" else []


def _comment(node: Node, place: Any) -> list[Moment]:
    return comment(int(node["fullDatabaseId"]), node["createdAt"], _account(node["author"]), node["body"], place)


def _commit(node: Node) -> Commit:
    """A program has no user; its commits carry its name."""
    author = node["author"] or {}
    login = (author.get("user") or {}).get("login", "")
    name = author.get("name") or ""
    by = Account(login, False) if login else Account(name, True) if name.endswith("[bot]") else NOBODY
    return Commit(node["authoredDate"], node["committedDate"], by)


def _account(actor: Node | None) -> Account:
    return Account(login_of(actor), actor.get("__typename") == "Bot") if actor else NOBODY
