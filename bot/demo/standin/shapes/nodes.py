"""GitHub's GraphQL objects, made of the stand-in's records; fields that cost something are functions."""

from typing import Any

from bot.demo.standin.git_history import Commit
from bot.demo.standin.git_objects import GitObject
from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import IssueComment, PullRequest, Repository, Review
from bot.demo.standin.shapes import JSON, iso, iso_or_none, timeline
from bot.demo.standin.shapes.graph import GraphProblem, actor, connection
from bot.demo.standin.shapes.posts import post, review_comment, thread

LONGEST_TEXT = 512_000
"""Bytes of a blob that come as `text`; longer ones are cut and say so."""


def repository(found: Repository, links: Links) -> JSON:
    def pull_requests(_info: Any, states: list[str] | None = None, **asked: Any) -> JSON:
        pulls = [pull for pull in found.pulls.values() if not states or _state(pull) in states]
        return connection("pullRequests", pulls, lambda pull: pull_request(found, pull, links), asked)

    def one_pull_request(_info: Any, number: int) -> JSON:
        if number not in found.pulls:
            problem = f"Could not resolve to a PullRequest with the number of {number}."
            raise GraphProblem("NOT_FOUND", problem)
        return pull_request(found, found.pulls[number], links)

    def git_object(_info: Any, expression: str | None = None, oid: str | None = None) -> JSON | None:
        there = found.git.objects.read(expression or oid or "")
        return blob_or_other(found, there) if there else None

    return {
        "__typename": "Repository",
        "id": node_id("R", found.id),
        "databaseId": found.id,
        "name": found.name,
        "nameWithOwner": found.full_name,
        "isPrivate": found.is_private,
        "defaultBranchRef": {"name": found.default_branch},
        "object": git_object,
        "pullRequest": one_pull_request,
        "pullRequests": pull_requests,
    }


def blob_or_other(found: Repository, there: GitObject) -> JSON:
    common = {"__typename": there.kind.title(), "id": f"{there.kind[0].upper()}_{there.sha}", "oid": there.sha}
    if there.kind == "blob":
        is_binary = b"\0" in there.content[:8000]
        is_truncated = len(there.content) > LONGEST_TEXT and not is_binary
        text = None if is_binary else there.content[:LONGEST_TEXT].decode("utf-8", "replace")
        size = len(there.content)
        return common | {"byteSize": size, "isBinary": is_binary, "isTruncated": is_truncated, "text": text}
    if there.kind == "tree":
        return common | {"entries": lambda _info: [_tree_entry(found, one) for one in found.git.tree(there.sha) or ()]}
    commit = found.git.commit(there.sha)
    assert commit

    def file(_info: Any, path: str) -> JSON | None:
        folder, _, name = path.rpartition("/")
        entry = next((one for one in found.git.tree(commit.sha, folder) or () if one.path == name), None)
        return _tree_entry(found, entry) if entry else None

    named: JSON = {"oid": commit.sha, "message": commit.message, "committedDate": iso(commit.committer.at)}
    named |= {"authoredDate": iso(commit.author.at), "author": {"name": commit.author.name, "user": None}}
    return common | named | {"file": file}


def pull_request(found: Repository, pull: PullRequest, links: Links) -> JSON:
    def reviews(_info: Any, author: str = "", states: list[str] | None = None, **asked: Any) -> JSON:
        wanted = [one for one in pull.reviews.values() if not states or one.state in states]
        wanted = [
            one for one in wanted if not author or author in (one.user.login, one.user.login.removesuffix("[bot]"))
        ]
        return connection("reviews", wanted, lambda one: review(found, pull, one, links), asked)

    def threads(_info: Any, **asked: Any) -> JSON:
        return connection("reviewThreads", pull.threads(), lambda one: thread(found, pull, one, links), asked)

    def labels(_info: Any, **asked: Any) -> JSON:
        return connection("labels", pull.labels, lambda label: {"name": label.name}, asked)

    def commits(_info: Any, **asked: Any) -> JSON:
        return connection("commits", found.git.between(pull.base_sha, pull.head_sha), commit_of, asked)

    def commit_of(sha: str) -> JSON:
        return {"__typename": "PullRequestCommit", "id": f"PRC_{sha}", "commit": _commit(found, sha)}

    def items(_info: Any, itemTypes: list[str] | None = None, **asked: Any) -> JSON:
        wanted = [one for one in timeline.of(found, pull) if not itemTypes or timeline.item_type(one) in itemTypes]
        return connection("timelineItems", wanted, item, asked)

    def item(one: timeline.Item) -> JSON:
        if isinstance(one, Commit):
            return commit_of(one.sha)
        if isinstance(one, Review):
            return review(found, pull, one, links)
        if isinstance(one, IssueComment):
            return post("IssueComment", "IC", one, links)
        of: JSON = {"previousReviewState": one.former_state.upper()}
        of |= {"review": review(found, pull, one.review, links)} if one.review else {}
        return timeline.happening_node(one, links) | of

    def lines(which: str) -> int:
        return sum(getattr(change, which) for change in found.git.changes(pull.base_sha, pull.head_sha))

    return {
        "__typename": "PullRequest",
        "id": node_id("PR", pull.id),
        "databaseId": pull.id,
        "number": pull.number,
        "state": _state(pull),
        "isDraft": pull.is_draft,
        "title": pull.title,
        "body": pull.body,
        "author": actor(pull.author, links),
        "baseRefName": pull.base_ref,
        "baseRefOid": pull.base_sha,
        "headRefName": pull.head_ref,
        "headRefOid": pull.head_sha,
        "createdAt": iso(pull.created_at),
        "updatedAt": iso(pull.updated_at),
        "url": links.page(found, f"pull/{pull.number}"),
        "closedAt": iso_or_none(pull.closed_at),
        "mergedAt": iso_or_none(pull.merged_at),
        "mergedBy": actor(pull.merged_by, links) if pull.merged_by else None,
        "additions": lambda _info: lines("additions"),
        "deletions": lambda _info: lines("deletions"),
        "commits": commits,
        "timelineItems": items,
        "changedFiles": lambda _info: len(found.git.changes(pull.base_sha, pull.head_sha)),
        "labels": labels,
        "reviews": reviews,
        "reviewThreads": threads,
    }


def review(found: Repository, pull: PullRequest, one: Review, links: Links) -> JSON:
    def comments(_info: Any, **asked: Any) -> JSON:
        ours = [comment for comment in pull.review_comments.values() if comment.review_id == one.id]
        return connection("comments", ours, lambda comment: review_comment(found, pull, comment, links), asked)

    return post("PullRequestReview", "PRR", one, links) | {
        "state": one.state,
        "submittedAt": iso_or_none(one.submitted_at),
        "url": links.page(found, f"pull/{pull.number}#pullrequestreview-{one.id}"),
        "commit": lambda _info: _commit(found, one.commit_id),
        "comments": comments,
    }


def _state(pull: PullRequest) -> str:
    return "OPEN" if pull.is_open else "MERGED" if pull.is_merged else "CLOSED"


def _commit(found: Repository, sha: str) -> JSON | None:
    there = found.git.objects.read(sha)
    return blob_or_other(found, there) if there else None


def _tree_entry(found: Repository, entry: Any) -> JSON:
    there = found.git.objects.read(entry.sha) if entry.kind != "commit" else None
    return {
        "mode": int(entry.mode, 8),
        "name": entry.path,
        "path": entry.path,
        "type": entry.kind,
        "oid": entry.sha,
        "object": blob_or_other(found, there) if there else None,
    }
