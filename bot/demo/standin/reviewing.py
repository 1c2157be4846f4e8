"""Reviews and their comments: taken, submitted, dismissed, deleted, by GitHub's rules."""

from collections.abc import Sequence
from typing import Any

from bot.demo.standin import judge, moves
from bot.demo.standin.patches import FileChange
from bot.demo.standin.records import Account, PullRequest, Repository, Review, ReviewComment
from bot.demo.standin.refusals import Refusal, not_found, unprocessable
from bot.demo.standin.world import World

MOST_COMMENTS = 1_000
"""In one review; GitHub gives no figure, but does not take any number."""


def create_review(
    world: World, repository: Repository, pull: PullRequest, author: Account, asked: dict[str, Any]
) -> Review:
    """All of it or nothing: one bad comment refuses the whole review."""
    body = judge.check_body("PullRequestReview", asked.get("body"), may_be_empty=True)
    comments = _comment_list(asked.get("comments"))
    state = judge.check_event(asked.get("event"), body, comments, is_own=author is pull.author)
    if state == "PENDING" and any(one.state == "PENDING" and one.user is author for one in pull.reviews.values()):
        raise unprocessable("User can only have one pending review per pull request")
    commit_id = check_commit(repository, pull, asked.get("commit_id") or pull.head_sha)
    changes = repository.git.changes(pull.base_sha, commit_id)
    anchors = [judge.anchor(comment, changes) for comment in comments]
    texts = [judge.check_body("PullRequestReviewComment", comment.get("body")) for comment in comments]
    now = world.clock()
    submitted_at = now if state != "PENDING" else None
    review = Review(world.next_id(), author, body, state, commit_id, now, submitted_at)  # type: ignore[arg-type]
    pull.reviews[review.id] = review
    pull.updated_at = now
    for place, text in zip(anchors, texts, strict=True):
        _add_comment(world, pull, author, review.id, commit_id, place, text)
    return review


def create_comment(
    world: World, repository: Repository, pull: PullRequest, author: Account, asked: dict[str, Any]
) -> ReviewComment:
    """One inline comment, by itself; GitHub makes a review of one around it."""
    text = judge.check_body("PullRequestReviewComment", asked.get("body"))
    if asked.get("in_reply_to") is not None:
        return reply(world, pull, author, asked["in_reply_to"], text)
    if not asked.get("commit_id"):
        raise unprocessable("commit_id is missing")
    commit_id = check_commit(repository, pull, asked["commit_id"])
    place = judge.anchor(asked, repository.git.changes(pull.base_sha, commit_id))
    review = _review_around_a_comment(world, pull, author, commit_id)
    return _add_comment(world, pull, author, review.id, commit_id, place, text)


def reply(world: World, pull: PullRequest, author: Account, to: object, text: str) -> ReviewComment:
    first = pull.review_comments.get(to) if isinstance(to, int) else None
    if first is None:
        raise not_found()
    root = pull.review_comments[first.in_reply_to] if first.in_reply_to else first
    now = world.clock()
    review = _review_around_a_comment(world, pull, author, root.commit_id)
    answer = ReviewComment(
        id=world.next_id(),
        review_id=review.id,
        user=author,
        path=root.path,
        body=text,
        commit_id=root.commit_id,
        original_commit_id=root.original_commit_id,
        side=root.side,
        line=root.line,
        original_line=root.original_line,
        start_side=root.start_side,
        start_line=root.start_line,
        original_start_line=root.original_start_line,
        diff_hunk=root.diff_hunk,
        position=root.position,
        original_position=root.original_position,
        created_at=now,
        updated_at=now,
        in_reply_to=root.id,
    )
    pull.review_comments[answer.id] = answer
    return answer


def submit(world: World, pull: PullRequest, review: Review, event: object, body: object) -> None:
    """Submits a pending review."""
    if review.state != "PENDING":
        raise unprocessable("Can not submit a review that is not pending")
    if event is None:
        raise unprocessable("event is missing")
    text = judge.check_body("PullRequestReview", body, may_be_empty=True) or review.body
    comments = [one for one in pull.review_comments.values() if one.review_id == review.id]
    state = judge.check_event(event, text, comments, is_own=review.user is pull.author)
    review.state, review.body, review.submitted_at = state, text, world.clock()  # type: ignore[assignment]
    pull.updated_at = world.clock()


def dismiss(world: World, pull: PullRequest, review: Review, message: object, by: Account) -> None:
    if not isinstance(message, str) or not message.strip():
        raise unprocessable("message is missing")
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable(f"Can not dismiss a {review.state.lower()} pull request review")
    moves.dismissed(world, pull, review, review.state.lower(), by)
    review.state = "DISMISSED"


def delete_pending(pull: PullRequest, review: Review) -> None:
    """GitHub deletes only what was never submitted."""
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    del pull.reviews[review.id]
    for comment in [one for one in pull.review_comments.values() if one.review_id == review.id]:
        del pull.review_comments[comment.id]


def check_commit(repository: Repository, pull: PullRequest, sha: object) -> str:
    """The commit a review is of: the base's fork point aside, one of the pull request's own."""
    commits = repository.git.between(pull.base_sha, pull.head_sha)
    if not isinstance(sha, str) or sha not in commits:
        raise unprocessable("commit_id is not part of the pull request")
    return sha


def _comment_list(comments: object) -> Sequence[dict[str, Any]]:
    if comments is None:
        return []
    if not isinstance(comments, list) or not all(isinstance(one, dict) for one in comments):
        raise Refusal(422, "Invalid request.\n\nFor 'properties/comments', it is not a list of objects.")
    if len(comments) > MOST_COMMENTS:
        raise unprocessable("A review cannot carry so many comments")
    return comments


def _review_around_a_comment(world: World, pull: PullRequest, author: Account, commit_id: str) -> Review:
    now = world.clock()
    review = Review(world.next_id(), author, "", "COMMENTED", commit_id, now, now)
    pull.reviews[review.id] = review
    pull.updated_at = now
    return review


def _add_comment(
    world: World, pull: PullRequest, author: Account, review_id: int, commit_id: str, place: judge.Anchor, text: str
) -> ReviewComment:
    now = world.clock()
    file: FileChange = place.file
    comment = ReviewComment(
        id=world.next_id(),
        review_id=review_id,
        user=author,
        path=file.path,
        body=text,
        commit_id=commit_id,
        original_commit_id=commit_id,
        side=place.side,
        line=place.line,
        original_line=place.line,
        start_side=place.start_side,
        start_line=place.start_line,
        original_start_line=place.start_line,
        diff_hunk=file.hunk_until(place.end.position),
        position=place.end.position,
        original_position=place.end.position,
        created_at=now,
        updated_at=now,
    )
    pull.review_comments[comment.id] = comment
    return comment
