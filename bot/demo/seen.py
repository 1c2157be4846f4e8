"""What a person would see on the pull request's page, as scenes to show."""

from bot.demo.scenes import Check, InlineComment, Review, Scene, Talk
from bot.demo.standin import PullRequest, Repository, StandIn
from bot.demo.standin.records import ReviewComment


def review_seen(host: StandIn, repository: Repository, pull: PullRequest) -> list[Scene]:
    """The checks on the head, the reviews, and the inline comments by file and line, as the stand-in holds them now."""
    with host.world.lock:
        checks = [check for check in repository.checks.values() if check.head_sha == pull.head_sha]
        comments = sorted(pull.review_comments.values(), key=lambda one: (one.path, one.original_line))
        return [
            *(Check(one.name, one.title or one.status, one.summary or "", one.conclusion) for one in checks),
            *(Review(one.user.login, one.body, one.state) for one in pull.reviews.values() if one.body),
            *(_inline(repository, pull, one) for one in comments),
        ]


def talk_seen(host: StandIn, pull: PullRequest, first: ReviewComment) -> Talk:
    """What was said in the thread of an inline comment, the comment itself left out."""
    with host.world.lock:
        answers = [each for each in pull.review_comments.values() if each.in_reply_to == first.id]
        return Talk([(each.user.login, each.body) for each in answers])


def _inline(repository: Repository, pull: PullRequest, comment: ReviewComment) -> InlineComment:
    at = comment.original_commit_id if comment.side == "RIGHT" else pull.base_sha
    file = repository.git.file(at, comment.path)
    return InlineComment(
        path=comment.path,
        start_line=comment.original_start_line or comment.original_line,
        end_line=comment.original_line,
        body=comment.body,
        text=file.content.decode("utf-8", "replace") if file else "",
    )
