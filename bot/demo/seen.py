"""What a person would see on the pull request's page, as scenes to show."""

from collections.abc import Iterator

from bot.demo.scenes import Check, InlineComment, Review, Scene
from bot.demo.standin import PullRequest, Repository, StandIn


def review_seen(host: StandIn, repository: Repository, pull: PullRequest) -> Iterator[Scene]:
    """The checks on the head, the reviews, and the inline comments by file and line, as the stand-in holds them now."""
    with host.world.lock:
        for check in repository.checks.values():
            if check.head_sha == pull.head_sha:
                yield Check(check.name, check.title or check.status, check.summary or "", check.conclusion)
        for review in pull.reviews.values():
            if review.body:
                yield Review(review.user.login, review.body, review.state)
        comments = sorted(pull.review_comments.values(), key=lambda one: (one.path, one.original_line))
        for comment in comments:
            at = comment.original_commit_id if comment.side == "RIGHT" else pull.base_sha
            file = repository.git.file(at, comment.path)
            yield InlineComment(
                path=comment.path,
                start_line=comment.original_start_line or comment.original_line,
                end_line=comment.original_line,
                body=comment.body,
                text=file.content.decode("utf-8", "replace") if file else "",
            )
