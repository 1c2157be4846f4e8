"""Reviews of pull requests, and inline comments."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from bot.demo.standin import judge, reviewing
from bot.demo.standin.links import Links
from bot.demo.standin.records import PullRequest, Repository, Review, ReviewComment
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
from bot.demo.standin.shapes import JSON, reviews

routes = Blueprint("reviews", __name__)

PULL = "/repos/<owner>/<repo>/pulls/<int:number>"
COMMENT = "/repos/<owner>/<repo>/pulls/comments/<int:comment_id>"


@routes.get(f"{PULL}/reviews")
def list_reviews(owner: str, repo: str, number: int) -> Response:
    """Oldest first. A pending review is seen by its author alone."""
    found, pull = pull_request(owner, repo, number)
    page, headers = page_of([one for one in pull.reviews.values() if _is_visible(one)])
    return answer([reviews.review(found, pull, one, links()) for one in page], headers=headers)


@routes.post(f"{PULL}/reviews")
def create_review(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    review = reviewing.create_review(world(), found, pull, me(), body())
    _tell_of(found, pull, review)
    return answer(reviews.review(found, pull, review, links()))


@routes.get(f"{PULL}/reviews/<int:review_id>")
def get_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    return answer(reviews.review(found, pull, _review(pull, review_id), links()))


@routes.put(f"{PULL}/reviews/<int:review_id>")
def update_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    review = _review(pull, review_id)
    review.body = judge.check_body("PullRequestReview", body().get("body"))
    return answer(reviews.review(found, pull, review, links()))


@routes.delete(f"{PULL}/reviews/<int:review_id>")
def delete_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    review = _review(pull, review_id)
    reviewing.delete_pending(pull, review)
    return answer(reviews.review(found, pull, review, links()))


@routes.post(f"{PULL}/reviews/<int:review_id>/events")
def submit_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    review, sent = _review(pull, review_id), body()
    reviewing.submit(world(), pull, review, sent.get("event"), sent.get("body"))
    _tell_of(found, pull, review)
    return answer(reviews.review(found, pull, review, links()))


@routes.put(f"{PULL}/reviews/<int:review_id>/dismissals")
def dismiss_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    review = _review(pull, review_id)
    reviewing.dismiss(world(), pull, review, body().get("message"), me())
    return answer(reviews.review(found, pull, review, links()))


@routes.get(f"{PULL}/reviews/<int:review_id>/comments")
def list_comments_of_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    review = _review(pull, review_id)
    comments = [one for one in pull.review_comments.values() if one.review_id == review.id]
    return _page(found, pull, comments, reviews.legacy_review_comment)


@routes.get(f"{PULL}/comments")
def list_comments(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    comments = changed_since(list(pull.review_comments.values()))
    if request.args.get("sort") in ("created", "updated") and request.args.get("direction") == "desc":
        comments = sorted(comments, key=lambda one: (one.created_at, one.id), reverse=True)
    return _page(found, pull, comments, reviews.review_comment)


@routes.post(f"{PULL}/comments")
def create_comment(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    comment = reviewing.create_comment(world(), found, pull, me(), body())
    talk().told_of_review_comments("created", found, pull, [comment], me())
    return answer(reviews.review_comment(found, pull, comment, links()), 201)


@routes.post(f"{PULL}/comments/<int:comment_id>/replies")
def reply(owner: str, repo: str, number: int, comment_id: int) -> Response:
    """To the first comment of a thread: GitHub supports no replies to replies."""
    found, pull = pull_request(owner, repo, number, "write")
    if comment_id in pull.review_comments and pull.review_comments[comment_id].in_reply_to:
        raise invalid("PullRequestReviewComment", "in_reply_to")
    comment = talk().reply(found, pull, me(), comment_id, body().get("body"))
    return answer(reviews.review_comment(found, pull, comment, links()), 201)


@routes.route(COMMENT, methods=["GET", "PATCH", "DELETE"])
def one_comment(owner: str, repo: str, comment_id: int) -> Response:
    found = repository(owner, repo, "pull_requests", "read" if request.method == "GET" else "write")
    pull = next((one for one in found.pulls.values() if comment_id in one.review_comments), None)
    if pull is None:
        raise not_found()
    comment = pull.review_comments[comment_id]
    if request.method == "DELETE":
        talk().delete(found, pull, me(), comment)
        return Response(status=204)
    if request.method == "PATCH":
        talk().edit(found, pull, me(), comment, body().get("body"))
    return answer(reviews.review_comment(found, pull, comment, links()))


def _tell_of(found: Repository, pull: PullRequest, review: Review) -> None:
    """A pending review is told of when it is submitted."""
    if review.state != "PENDING":
        comments = [one for one in pull.review_comments.values() if one.review_id == review.id]
        talk().told_of_review_comments("created", found, pull, comments, me())


def _review(pull: PullRequest, review_id: int) -> Review:
    if review_id not in pull.reviews or not _is_visible(pull.reviews[review_id]):
        raise not_found()
    return pull.reviews[review_id]


def _is_visible(review: Review) -> bool:
    return review.state != "PENDING" or review.user is me()


def _page(
    found: Repository,
    pull: PullRequest,
    comments: Sequence[ReviewComment],
    shape: Callable[[Repository, PullRequest, ReviewComment, Links], JSON],
) -> Response:
    page, headers = page_of(comments)
    return answer([shape(found, pull, one, links()) for one in page], headers=headers)
