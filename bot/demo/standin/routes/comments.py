"""The conversation of a pull request: comments and labels. To GitHub a pull request is an issue too, and whoever may
write to pull requests may write here.
"""

from flask import Blueprint, Response, request

from bot.demo.standin.records import Label
from bot.demo.standin.refusals import invalid, not_found
from bot.demo.standin.routes.asking import (
    answer,
    body,
    changed_since,
    links,
    me,
    page_of,
    pull_request,
    repository,
    talk,
    world,
)
from bot.demo.standin.shapes import reviews
from bot.demo.standin.shapes.issues import issue
from bot.demo.standin.shapes.pulls import label

routes = Blueprint("comments", __name__)

ISSUE = "/repos/<owner>/<repo>/issues/<int:number>"
COMMENT = "/repos/<owner>/<repo>/issues/comments/<int:comment_id>"


@routes.get(ISSUE)
def getpull_request(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    return answer(issue(found, pull, links()))


@routes.get(f"{ISSUE}/comments")
def list_comments(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    page, headers = page_of(changed_since(list(pull.comments.values())))
    return answer([reviews.issue_comment(found, pull, one, links()) for one in page], headers=headers)


@routes.post(f"{ISSUE}/comments")
def create_comment(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    comment = talk().comment(found, pull, me(), body().get("body"))
    return answer(reviews.issue_comment(found, pull, comment, links()), 201)


@routes.route(COMMENT, methods=["GET", "PATCH", "DELETE"])
def one_comment(owner: str, repo: str, comment_id: int) -> Response:
    found = repository(owner, repo, "pull_requests", "read" if request.method == "GET" else "write")
    pull = next((one for one in found.pulls.values() if comment_id in one.comments), None)
    if pull is None:
        raise not_found()
    comment = pull.comments[comment_id]
    if request.method == "DELETE":
        talk().delete(found, pull, me(), comment)
        return Response(status=204)
    if request.method == "PATCH":
        talk().edit(found, pull, me(), comment, body().get("body"))
    return answer(reviews.issue_comment(found, pull, comment, links()))


@routes.get(f"{ISSUE}/labels")
def list_labels(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    page, headers = page_of(pull.labels)
    return answer([label(found, one, links()) for one in page], headers=headers)


@routes.post(f"{ISSUE}/labels")
def add_labels(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    sent = request.get_json(force=True, silent=True)
    names = sent.get("labels") if isinstance(sent, dict) else sent  # both forms are taken
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise invalid("Label", "labels")
    there = {one.name.lower() for one in pull.labels}
    pull.labels += [Label(world().next_id(), name) for name in names if name.lower() not in there]
    return answer([label(found, one, links()) for one in pull.labels])
