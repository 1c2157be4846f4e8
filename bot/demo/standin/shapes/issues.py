"""Issues, and pull requests as the issues they also are."""

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Issue, PullRequest, Repository
from bot.demo.standin.shapes import JSON, iso, iso_or_none
from bot.demo.standin.shapes.accounts import user
from bot.demo.standin.shapes.pulls import label
from bot.demo.standin.shapes.reviews import association, reaction_counts


def issue(record: Repository, one: Issue | PullRequest, links: Links) -> JSON:
    of_its_kind = _issue(record, one, links) if isinstance(one, Issue) else _pull_request(record, one, links)
    url = links.issue(record, one)
    return of_its_kind | {
        "url": url,
        "repository_url": links.repository(record),
        **{f"{name}_url": f"{url}/{name}" for name in ("comments", "events", "timeline")},
        "labels_url": f"{url}/labels{{/name}}",
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "user": user(one.author, links),
        "labels": [label(record, tag, links) for tag in one.labels],
        "state": "closed" if one.closed_at else "open",
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "created_at": iso(one.created_at),
        "updated_at": iso(one.updated_at),
        "closed_at": iso_or_none(one.closed_at),
        "author_association": association(record, one.author),
        "body": one.body or None,
    }


def _issue(record: Repository, one: Issue, links: Links) -> JSON:
    return {
        "html_url": links.page(record, f"issues/{one.number}"),
        "node_id": node_id("I", one.id),
        "comments": 0,
        "closed_by": user(one.closed_by, links) if one.closed_by else None,
    }


def _pull_request(record: Repository, pull: PullRequest, links: Links) -> JSON:
    return {
        "html_url": links.page(record, f"pull/{pull.number}"),
        "node_id": node_id("PR", pull.id),
        "comments": len(pull.comments),
        "draft": pull.is_draft,
        "pull_request": {
            "url": links.pull(record, pull),
            "html_url": links.page(record, f"pull/{pull.number}"),
            "diff_url": links.page(record, f"pull/{pull.number}.diff"),
            "patch_url": links.page(record, f"pull/{pull.number}.patch"),
            "merged_at": iso_or_none(pull.merged_at),
        },
        "reactions": reaction_counts(pull.reactions, links.issue(record, pull)),
    }
