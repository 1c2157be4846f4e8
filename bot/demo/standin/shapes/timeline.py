"""The timeline of a pull request: its commits, reviews, comments and whatever else befell it, oldest first."""

from datetime import datetime

from bot.demo.standin.git_history import Commit
from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Happening, IssueComment, PullRequest, Repository, Review
from bot.demo.standin.shapes import JSON, code, iso
from bot.demo.standin.shapes.accounts import user
from bot.demo.standin.shapes.graph import actor
from bot.demo.standin.shapes.reviews import issue_comment
from bot.demo.standin.shapes.reviews import review as review_shape

Item = Commit | Review | IssueComment | Happening


def of(record: Repository, pull: PullRequest) -> list[Item]:
    """Reviews that are not handed in yet are nobody's business."""
    commits = [found for sha in record.git.between(pull.base_sha, pull.head_sha) if (found := record.git.commit(sha))]
    reviews = [one for one in pull.reviews.values() if one.submitted_at]
    items: list[Item] = [*commits, *reviews, *pull.comments.values(), *pull.happenings]
    return sorted(items, key=_at)


def item_type(item: Item) -> str:
    """As GraphQL's `itemTypes` names it."""
    if isinstance(item, Commit):
        return "PULL_REQUEST_COMMIT"
    if isinstance(item, Review):
        return "PULL_REQUEST_REVIEW"
    return "ISSUE_COMMENT" if isinstance(item, IssueComment) else f"{item.event.upper()}_EVENT"


def happening_node(one: Happening, links: Links) -> JSON:
    """GraphQL's, without the review that a dismissal is about."""
    return {
        "__typename": f"{one.event.title().replace('_', '')}Event",
        "id": node_id("EV", one.id),
        "createdAt": iso(one.at),
        "actor": actor(one.actor, links),
    }


def item(record: Repository, pull: PullRequest, one: Item, links: Links) -> JSON:
    """REST's."""
    if isinstance(one, Commit):
        return _committed(record, one, links)
    if isinstance(one, Review):
        shown = review_shape(record, pull, one, links)
        return shown | {"event": "reviewed", "state": shown["state"].lower()}
    if isinstance(one, IssueComment):
        return issue_comment(record, pull, one, links) | {"event": "commented", "actor": user(one.user, links)}
    return _happened(record, one, links)


def _committed(record: Repository, commit: Commit, links: Links) -> JSON:
    whole = code.commit(record, commit, links)
    named = {name: whole[name] for name in ("sha", "node_id", "html_url", "parents")}
    inner = {name: whole["commit"][name] for name in ("author", "committer", "tree", "message", "verification", "url")}
    return named | inner | {"event": "committed"}


def _happened(record: Repository, one: Happening, links: Links) -> JSON:
    shown: JSON = {
        "id": one.id,
        "node_id": node_id("EV", one.id),
        "url": f"{links.repository(record)}/issues/events/{one.id}",
        "actor": user(one.actor, links),
        "event": one.event,
        "commit_id": None,
        "commit_url": None,
        "created_at": iso(one.at),
        "performed_via_github_app": None,
    }
    if one.reviewer is not None:
        shown |= {"review_requester": user(one.actor, links), "requested_reviewer": user(one.reviewer, links)}
    if one.review is not None:
        told = {"state": one.former_state, "review_id": one.review.id, "dismissal_message": None}
        shown["dismissed_review"] = told
    return shown


def _at(item: Item) -> datetime:
    if isinstance(item, Commit):
        return item.committer.at
    if isinstance(item, Review):
        return item.submitted_at or item.created_at
    return item.created_at if isinstance(item, IssueComment) else item.at
