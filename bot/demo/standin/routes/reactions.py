"""Reactions to comments, inline comments and pull requests: listed, added, taken back."""

from flask import Blueprint, Response, request

from bot.demo.standin.records import Reaction
from bot.demo.standin.refusals import not_found
from bot.demo.standin.routes.asking import answer, body, links, me, page_of, pull_request, repository, talk
from bot.demo.standin.shapes import reviews

routes = Blueprint("reactions", __name__)

COMMENT = "/repos/<owner>/<repo>/issues/comments/<int:comment_id>/reactions"
REVIEW_COMMENT = "/repos/<owner>/<repo>/pulls/comments/<int:comment_id>/reactions"


@routes.route(COMMENT, methods=["GET", "POST"])
def to_comment(owner: str, repo: str, comment_id: int) -> Response:
    return _list_or_add(_of_comment(owner, repo, comment_id))


@routes.delete(f"{COMMENT}/<int:reaction_id>")
def not_to_comment(owner: str, repo: str, comment_id: int, reaction_id: int) -> Response:
    return _take_back(_of_comment(owner, repo, comment_id), reaction_id)


@routes.route(REVIEW_COMMENT, methods=["GET", "POST"])
def to_review_comment(owner: str, repo: str, comment_id: int) -> Response:
    return _list_or_add(_of_review_comment(owner, repo, comment_id))


@routes.delete(f"{REVIEW_COMMENT}/<int:reaction_id>")
def not_to_review_comment(owner: str, repo: str, comment_id: int, reaction_id: int) -> Response:
    return _take_back(_of_review_comment(owner, repo, comment_id), reaction_id)


@routes.route("/repos/<owner>/<repo>/issues/<int:number>/reactions", methods=["GET", "POST"])
def to_issue(owner: str, repo: str, number: int) -> Response:
    _, pull = pull_request(owner, repo, number, _level())
    return _list_or_add(pull.reactions)


def _of_comment(owner: str, repo: str, comment_id: int) -> list[Reaction]:
    found = repository(owner, repo, "pull_requests", _level())
    for pull in found.pulls.values():
        if comment_id in pull.comments:
            return pull.comments[comment_id].reactions
    raise not_found()


def _of_review_comment(owner: str, repo: str, comment_id: int) -> list[Reaction]:
    found = repository(owner, repo, "pull_requests", _level())
    for pull in found.pulls.values():
        if comment_id in pull.review_comments:
            return pull.review_comments[comment_id].reactions
    raise not_found()


def _level() -> str:
    return "read" if request.method == "GET" else "write"


def _list_or_add(there: list[Reaction]) -> Response:
    """Adding what the same account has added before changes nothing: 200 in place of 201."""
    if request.method == "GET":
        wanted = request.args.get("content")
        page, headers = page_of([one for one in there if wanted in (None, one.content)])
        return answer([reviews.reaction(one, links()) for one in page], headers=headers)
    reaction, is_new = talk().react(there, me(), body().get("content"))
    return answer(reviews.reaction(reaction, links()), 201 if is_new else 200)


def _take_back(there: list[Reaction], reaction_id: int) -> Response:
    talk().take_back(there, reaction_id)
    return Response(status=204)
