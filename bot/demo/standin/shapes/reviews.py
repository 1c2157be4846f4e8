"""Reviews, comments and reactions."""

from collections import Counter
from collections.abc import Sequence

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import (
    Account,
    IssueComment,
    PullRequest,
    Reaction,
    Repository,
    Review,
    ReviewComment,
)
from bot.demo.standin.shapes import JSON, iso
from bot.demo.standin.shapes.accounts import user

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def review(record: Repository, pull: PullRequest, review: Review, links: Links) -> JSON:
    page = links.page(record, f"pull/{pull.number}#pullrequestreview-{review.id}")
    shown = {
        "id": review.id,
        "node_id": node_id("PRR", review.id),
        "user": user(review.user, links),
        "body": review.body,
        "state": review.state,
        "html_url": page,
        "pull_request_url": links.pull(record, pull),
        "author_association": association(record, review.user),
        "_links": {"html": {"href": page}, "pull_request": {"href": links.pull(record, pull)}},
        "commit_id": review.commit_id,
    }
    return shown | ({"submitted_at": iso(review.submitted_at)} if review.submitted_at else {})


def review_comment(record: Repository, pull: PullRequest, comment: ReviewComment, links: Links) -> JSON:
    """As asked for by id or by pull request: with line numbers."""
    return legacy_review_comment(record, pull, comment, links) | {
        "start_line": comment.start_line,
        "original_start_line": comment.original_start_line,
        "start_side": comment.start_side,
        "line": comment.line,
        "original_line": comment.original_line,
        "side": comment.side,
        "subject_type": "line",
    }


def legacy_review_comment(record: Repository, pull: PullRequest, comment: ReviewComment, links: Links) -> JSON:
    """As GitHub lists the comments of one review: positions only, no line numbers."""
    url = f"{links.repository(record)}/pulls/comments/{comment.id}"
    page = links.page(record, f"pull/{pull.number}#discussion_r{comment.id}")
    shown = {
        "url": url,
        "pull_request_review_id": comment.review_id,
        "id": comment.id,
        "node_id": node_id("PRRC", comment.id),
        "diff_hunk": comment.diff_hunk,
        "path": comment.path,
        "position": comment.position,
        "original_position": comment.original_position,
        "commit_id": comment.commit_id,
        "original_commit_id": comment.original_commit_id,
        "user": user(comment.user, links),
        "body": comment.body,
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "html_url": page,
        "pull_request_url": links.pull(record, pull),
        "author_association": association(record, comment.user),
        "_links": {
            "self": {"href": url},
            "html": {"href": page},
            "pull_request": {"href": links.pull(record, pull)},
        },
        "reactions": reaction_counts(comment.reactions, url),
    }
    return shown | ({"in_reply_to_id": comment.in_reply_to} if comment.in_reply_to else {})


def issue_comment(record: Repository, pull: PullRequest, comment: IssueComment, links: Links) -> JSON:
    url = f"{links.repository(record)}/issues/comments/{comment.id}"
    return {
        "url": url,
        "html_url": links.page(record, f"pull/{pull.number}#issuecomment-{comment.id}"),
        "issue_url": links.issue(record, pull),
        "id": comment.id,
        "node_id": node_id("IC", comment.id),
        "user": user(comment.user, links),
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "author_association": association(record, comment.user),
        "body": comment.body,
        "reactions": reaction_counts(comment.reactions, url),
        "performed_via_github_app": None,
    }


def association(record: Repository, account: Account) -> str:
    """What somebody is to the repository. A bot is nothing to it, whatever it may do."""
    if account is record.owner:
        return "OWNER"
    if account.kind != "User" or account.login not in record.collaborators:
        return "NONE"
    return "MEMBER" if record.owner.kind == "Organization" else "COLLABORATOR"


def reaction(reaction: Reaction, links: Links) -> JSON:
    return {
        "id": reaction.id,
        "node_id": node_id("REA", reaction.id),
        "user": user(reaction.user, links),
        "content": reaction.content,
        "created_at": iso(reaction.created_at),
    }


def reaction_counts(reactions: Sequence[Reaction], of: str) -> JSON:
    counts = Counter(one.content for one in reactions)
    return {
        "url": f"{of}/reactions",
        "total_count": len(reactions),
        **{content: counts[content] for content in REACTIONS},
    }
