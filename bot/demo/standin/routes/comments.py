"""The conversation of a pull request: comments and reactions. To GitHub a pull request is an issue too."""

from typing import Any

from flask import Blueprint, Response, request

from bot.demo.standin import judge
from bot.demo.standin.links import node_id
from bot.demo.standin.records import IssueComment, Label, PullRequest, Reaction, Repository
from bot.demo.standin.refusals import invalid, not_found
from bot.demo.standin.routes.asking import answer, body, links, me, page_of, repository, world
from bot.demo.standin.shapes import iso, iso_or_none, reviews
from bot.demo.standin.shapes.accounts import user
from bot.demo.standin.shapes.pulls import label

routes = Blueprint("comments", __name__)

ISSUE = "/repos/<owner>/<repo>/issues/<int:number>"
COMMENT = "/repos/<owner>/<repo>/issues/comments/<int:comment_id>"


@routes.get(ISSUE)
def get_issue(owner: str, repo: str, number: int) -> Response:
    found, pull = _issue(owner, repo, number)
    url = links().issue(found, pull)
    return answer(
        {
            "url": url,
            "repository_url": links().repository(found),
            **{f"{name}_url": f"{url}/{name}" for name in ("comments", "events", "timeline")},
            "labels_url": f"{url}/labels{{/name}}",
            "html_url": links().page(found, f"pull/{pull.number}"),
            "id": pull.id,
            "node_id": node_id("PR", pull.id),
            "number": pull.number,
            "title": pull.title,
            "user": user(pull.author, links()),
            "labels": [label(found, one, links()) for one in pull.labels],
            "state": "open" if pull.is_open else "closed",
            "locked": False,
            "assignee": None,
            "assignees": [],
            "milestone": None,
            "comments": len(pull.comments),
            "created_at": iso(pull.created_at),
            "updated_at": iso(pull.updated_at),
            "closed_at": iso_or_none(pull.closed_at),
            "author_association": "MEMBER",
            "draft": pull.is_draft,
            "body": pull.body or None,
            "pull_request": {
                "url": links().pull(found, pull),
                "html_url": links().page(found, f"pull/{pull.number}"),
                "diff_url": links().page(found, f"pull/{pull.number}.diff"),
                "patch_url": links().page(found, f"pull/{pull.number}.patch"),
                "merged_at": iso_or_none(pull.merged_at),
            },
            "reactions": reviews.reaction_counts(pull.reactions, url),
        }
    )


@routes.get(f"{ISSUE}/comments")
def list_comments(owner: str, repo: str, number: int) -> Response:
    found, pull = _issue(owner, repo, number)
    page, headers = page_of(list(pull.comments.values()))
    return answer([reviews.issue_comment(found, pull, one, links()) for one in page], headers=headers)


@routes.post(f"{ISSUE}/comments")
def create_comment(owner: str, repo: str, number: int) -> Response:
    found, pull = _issue(owner, repo, number, "write")
    text, now = judge.check_body("IssueComment", body().get("body")), world().clock()
    comment = IssueComment(world().next_id(), me(), text, now, now)
    pull.comments[comment.id] = comment
    return answer(reviews.issue_comment(found, pull, comment, links()), 201)


@routes.route(COMMENT, methods=["GET", "PATCH", "DELETE"])
def one_comment(owner: str, repo: str, comment_id: int) -> Response:
    found = repository(owner, repo, "issues", "read" if request.method == "GET" else "write")
    pull = next((one for one in found.pulls.values() if comment_id in one.comments), None)
    if pull is None:
        raise not_found()
    if request.method == "DELETE":
        del pull.comments[comment_id]
        return Response(status=204)
    comment = pull.comments[comment_id]
    if request.method == "PATCH":
        comment.body, comment.updated_at = judge.check_body("IssueComment", body().get("body")), world().clock()
    return answer(reviews.issue_comment(found, pull, comment, links()))


@routes.get(f"{ISSUE}/labels")
def list_labels(owner: str, repo: str, number: int) -> Response:
    found, pull = _issue(owner, repo, number)
    page, headers = page_of(pull.labels)
    return answer([label(found, one, links()) for one in page], headers=headers)


@routes.post(f"{ISSUE}/labels")
def add_labels(owner: str, repo: str, number: int) -> Response:
    found, pull = _issue(owner, repo, number, "write")
    sent = request.get_json(force=True, silent=True)
    names = sent.get("labels") if isinstance(sent, dict) else sent  # both forms are taken
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise invalid("Label", "labels")
    there = {one.name.lower() for one in pull.labels}
    pull.labels += [Label(world().next_id(), name) for name in names if name.lower() not in there]
    return answer([label(found, one, links()) for one in pull.labels])


@routes.route(f"{COMMENT}/reactions", methods=["GET", "POST"])
def reactions_to_comment(owner: str, repo: str, comment_id: int) -> Response:
    found = repository(owner, repo, "issues", "read" if request.method == "GET" else "write")
    return _react(
        comment for pull in found.pulls.values() for comment in pull.comments.values() if comment.id == comment_id
    )


@routes.route("/repos/<owner>/<repo>/pulls/comments/<int:comment_id>/reactions", methods=["GET", "POST"])
def reactions_to_review_comment(owner: str, repo: str, comment_id: int) -> Response:
    found = repository(owner, repo, "pull_requests", "read" if request.method == "GET" else "write")
    return _react(
        comment
        for pull in found.pulls.values()
        for comment in pull.review_comments.values()
        if comment.id == comment_id
    )


@routes.route(f"{ISSUE}/reactions", methods=["GET", "POST"])
def reactions_to_issue(owner: str, repo: str, number: int) -> Response:
    _, pull = _issue(owner, repo, number, "read" if request.method == "GET" else "write")
    return _react(iter([pull]))


def _react(found: Any) -> Response:
    """Lists the reactions to the one thing found, or adds one; the same again by the same account changes nothing."""
    target = next(found, None)
    if target is None:
        raise not_found()
    if request.method == "GET":
        page, headers = page_of(target.reactions)
        return answer([reviews.reaction(one, links()) for one in page], headers=headers)
    content = body().get("content")
    if content not in reviews.REACTIONS:
        raise invalid("Reaction", "content")
    for there in target.reactions:
        if there.user is me() and there.content == content:
            return answer(reviews.reaction(there, links()))
    target.reactions.append(Reaction(world().next_id(), me(), content, world().clock()))
    return answer(reviews.reaction(target.reactions[-1], links()), 201)


def _issue(owner: str, repo: str, number: int, level: str = "read") -> tuple[Repository, PullRequest]:
    found = repository(owner, repo, "issues", level)
    if number not in found.pulls:
        raise not_found()
    return found, found.pulls[number]
