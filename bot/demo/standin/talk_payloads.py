"""What the webhooks of a conversation carry, valid by GitHub's own description of them."""

from bot.demo.standin.links import Links
from bot.demo.standin.payloads import where
from bot.demo.standin.records import Account, IssueComment, PullRequest, Repository, ReviewComment
from bot.demo.standin.shapes import JSON, reviews
from bot.demo.standin.shapes.issues import issue
from bot.demo.standin.shapes.posts import thread_id
from bot.demo.standin.shapes.pulls import pull_request_simple
from bot.demo.standin.shapes.repositories import hooked_repository


def issue_comment(
    action: str,
    repository: Repository,
    pull: PullRequest,
    comment: IssueComment,
    sender: Account,
    links: Links,
    **extra: JSON,
) -> JSON:
    """`extra`: what an edit changed."""
    return {
        "action": action,
        "issue": issue(repository, pull, links) | {"active_lock_reason": None},
        "comment": reviews.issue_comment(repository, pull, comment, links),
        **extra,
        **where(repository, sender, links),
    }


def review_comment(
    action: str,
    repository: Repository,
    pull: PullRequest,
    comment: ReviewComment,
    sender: Account,
    links: Links,
    **extra: JSON,
) -> JSON:
    return {
        "action": action,
        "comment": reviews.review_comment(repository, pull, comment, links),
        "pull_request": _pull_request(repository, pull, links),
        **extra,
        **where(repository, sender, links),
    }


def review_thread(
    action: str, repository: Repository, pull: PullRequest, thread: list[ReviewComment], sender: Account, links: Links
) -> JSON:
    return {
        "action": action,
        "thread": {
            "node_id": thread_id(thread),
            "comments": [reviews.review_comment(repository, pull, one, links) for one in thread],
        },
        "pull_request": _pull_request(repository, pull, links),
        **where(repository, sender, links),
    }


def _pull_request(repository: Repository, pull: PullRequest, links: Links) -> JSON:
    """Without counts, and with the repository as webhooks show it."""
    shown = pull_request_simple(repository, pull, links)
    for end in ("base", "head"):
        shown[end]["repo"] = hooked_repository(repository, links)
    return shown
