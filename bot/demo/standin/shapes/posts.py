"""GraphQL's posts: what reviews and inline comments have in common, inline comments, their threads and reactions."""

from typing import Any

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import IssueComment, PullRequest, Reaction, Repository, Review, ReviewComment
from bot.demo.standin.shapes import JSON, iso
from bot.demo.standin.shapes.graph import actor, connection, person

_CONTENTS = {"+1": "THUMBS_UP", "-1": "THUMBS_DOWN"} | {
    name: name.upper() for name in ("laugh", "hooray", "confused", "heart", "rocket", "eyes")
}


def post(type: str, kind: str, one: Review | ReviewComment | IssueComment, links: Links) -> JSON:
    return minimized(one) | {
        "__typename": type,
        "id": node_id(kind, one.id),
        "databaseId": one.id,
        "fullDatabaseId": str(one.id),
        "author": actor(one.user, links),
        "body": one.body,
        "createdAt": iso(one.created_at),
    }


def minimized(one: Review | ReviewComment | IssueComment) -> JSON:
    return {"isMinimized": bool(one.minimized), "minimizedReason": one.minimized or None}


def review_comment(found: Repository, pull: PullRequest, one: ReviewComment, links: Links) -> JSON:
    def reactions(_info: Any, content: str | None = None, **asked: Any) -> JSON:
        wanted = [there for there in one.reactions if content in (None, _CONTENTS[there.content])]
        return connection("reactions", wanted, lambda there: reaction(there, links), asked)

    return post("PullRequestReviewComment", "PRRC", one, links) | {
        "reactions": reactions,
        "path": one.path,
        "line": one.line,
        "originalLine": one.original_line,
        "url": links.page(found, f"pull/{pull.number}#discussion_r{one.id}"),
    }


def thread(found: Repository, pull: PullRequest, said: list[ReviewComment], links: Links) -> JSON:
    def comments(_info: Any, **asked: Any) -> JSON:
        return connection("comments", said, lambda one: review_comment(found, pull, one, links), asked)

    root = said[0]
    return {
        "__typename": "PullRequestReviewThread",
        "id": thread_id(said),
        "isResolved": root.is_resolved,
        "isOutdated": root.line is None,
        "path": root.path,
        "line": root.line,
        "startLine": root.start_line,
        "originalLine": root.original_line,
        "originalStartLine": root.original_start_line,
        "diffSide": root.side,
        "resolvedBy": person(root.resolved_by, links),
        "viewerCanResolve": lambda info: bool(info.context["may_resolve"]),
        "comments": comments,
    }


def thread_id(said: list[ReviewComment]) -> str:
    return node_id("PRRT", said[0].in_reply_to or said[0].id)


def reaction(one: Reaction, links: Links) -> JSON:
    return {
        "__typename": "Reaction",
        "id": node_id("REA", one.id),
        "databaseId": one.id,
        "content": _CONTENTS[one.content],
        "createdAt": iso(one.created_at),
        "user": person(one.user, links),
    }
