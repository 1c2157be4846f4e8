"""Reviews of pull requests, and inline comments."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from bot.demo.standin import judge, reviewing
from bot.demo.standin.links import Links
from bot.demo.standin.records import PullRequest, Repository, Review, ReviewComment
from bot.demo.standin.refusals import not_found
from bot.demo.standin.routes.asking import answer, body, links, me, page_of, pull_request, repository, world
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
    return answer(reviews.review(found, pull, review, links()))


@routes.put(f"{PULL}/reviews/<int:review_id>/dismissals")
def dismiss_review(owner: str, repo: str, number: int, review_id: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    review = _review(pull, review_id)
    reviewing.dismiss(review, body().get("message"))
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
    return _page(found, pull, list(pull.review_comments.values()), reviews.review_comment)


@routes.post(f"{PULL}/comments")
def create_comment(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    comment = reviewing.create_comment(world(), found, pull, me(), body())
    return answer(reviews.review_comment(found, pull, comment, links()), 201)


@routes.post(f"{PULL}/comments/<int:comment_id>/replies")
def reply(owner: str, repo: str, number: int, comment_id: int) -> Response:
    found, pull = pull_request(owner, repo, number, "write")
    text = judge.check_body("PullRequestReviewComment", body().get("body"))
    comment = reviewing.reply(world(), pull, me(), comment_id, text)
    return answer(reviews.review_comment(found, pull, comment, links()), 201)


@routes.route(COMMENT, methods=["GET", "PATCH", "DELETE"])
def one_comment(owner: str, repo: str, comment_id: int) -> Response:
    found = repository(owner, repo, "pull_requests", "read" if request.method == "GET" else "write")
    pull = next((one for one in found.pulls.values() if comment_id in one.review_comments), None)
    if pull is None:
        raise not_found()
    if request.method == "DELETE":
        del pull.review_comments[comment_id]
        return Response(status=204)
    comment = pull.review_comments[comment_id]
    if request.method == "PATCH":
        comment.body = judge.check_body("PullRequestReviewComment", body().get("body"))
        comment.updated_at = world().clock()
    return answer(reviews.review_comment(found, pull, comment, links()))


def _review(pull: PullRequest, review_id: int) -> Review:
    if review_id not in pull.reviews or not _is_visible(pull.reviews[review_id]):
        raise not_found()
    return pull.reviews[review_id]


def _is_visible(review: Review) -> bool:
    return review.state != "PENDING" or review.user is me()


def _page(
    found: Repository,
    pull: PullRequest,
    comments: list[ReviewComment],
    shape: Callable[[Repository, PullRequest, ReviewComment, Links], JSON],
) -> Response:
    page, headers = page_of(comments)
    return answer([shape(found, pull, one, links()) for one in page], headers=headers)
