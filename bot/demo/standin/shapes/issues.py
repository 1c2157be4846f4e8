"""A pull request as the issue it also is."""

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import PullRequest, Repository
from bot.demo.standin.shapes import JSON, iso, iso_or_none
from bot.demo.standin.shapes.accounts import user
from bot.demo.standin.shapes.pulls import label
from bot.demo.standin.shapes.reviews import association, reaction_counts


def issue(record: Repository, pull: PullRequest, links: Links) -> JSON:
    url = links.issue(record, pull)
    return {
        "url": url,
        "repository_url": links.repository(record),
        **{f"{name}_url": f"{url}/{name}" for name in ("comments", "events", "timeline")},
        "labels_url": f"{url}/labels{{/name}}",
        "html_url": links.page(record, f"pull/{pull.number}"),
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "number": pull.number,
        "title": pull.title,
        "user": user(pull.author, links),
        "labels": [label(record, one, links) for one in pull.labels],
        "state": "open" if pull.is_open else "closed",
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(pull.comments),
        "created_at": iso(pull.created_at),
        "updated_at": iso(pull.updated_at),
        "closed_at": iso_or_none(pull.closed_at),
        "author_association": association(record, pull.author),
        "draft": pull.is_draft,
        "body": pull.body or None,
        "pull_request": {
            "url": links.pull(record, pull),
            "html_url": links.page(record, f"pull/{pull.number}"),
            "diff_url": links.page(record, f"pull/{pull.number}.diff"),
            "patch_url": links.page(record, f"pull/{pull.number}.patch"),
            "merged_at": iso_or_none(pull.merged_at),
        },
        "reactions": reaction_counts(pull.reactions, url),
    }
