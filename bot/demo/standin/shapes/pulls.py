"""Pull requests and their files."""

from urllib.parse import quote

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.patches import FileChange
from bot.demo.standin.records import Label, PullRequest, Repository
from bot.demo.standin.shapes import JSON, iso, iso_or_none
from bot.demo.standin.shapes.accounts import user
from bot.demo.standin.shapes.repositories import repository, repository_ref


def pull_request_simple(record: Repository, pull: PullRequest, links: Links) -> JSON:
    """As in lists."""
    url, issue = links.pull(record, pull), links.issue(record, pull)
    page = links.page(record, f"pull/{pull.number}")
    statuses = f"{links.repository(record)}/statuses/{pull.head_sha}"
    addresses = {
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{links.repository(record)}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": statuses,
    }
    return {
        "url": url,
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        **{f"{name}_url": address for name, address in addresses.items()},
        "number": pull.number,
        "state": "open" if pull.is_open else "closed",
        "locked": False,
        "title": pull.title,
        "user": user(pull.author, links),
        "body": pull.body or None,
        "created_at": iso(pull.created_at),
        "updated_at": iso(pull.updated_at),
        "closed_at": iso_or_none(pull.closed_at),
        "merged_at": iso_or_none(pull.merged_at),
        "merge_commit_sha": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "labels": [label(record, one, links) for one in pull.labels],
        "milestone": None,
        "draft": pull.is_draft,
        "head": _end(record, pull.head_ref, pull.head_sha, links),
        "base": _end(record, pull.base_ref, pull.base_sha, links),
        "_links": {"self": {"href": url}} | {name: {"href": address} for name, address in addresses.items()},
        "author_association": "MEMBER",
        "auto_merge": None,
        "active_lock_reason": None,
    }


def pull_request(record: Repository, pull: PullRequest, links: Links) -> JSON:
    """As asked for by number, and as webhooks carry it."""
    changes = record.git.changes(pull.base_sha, pull.head_sha)
    return pull_request_simple(record, pull, links) | {
        "merged": pull.is_merged,
        "mergeable": None if pull.is_merged else True,
        "rebaseable": None if pull.is_merged else True,
        "mergeable_state": "draft" if pull.is_draft else "clean",
        "merged_by": user(pull.merged_by, links) if pull.merged_by else None,
        "comments": len(pull.comments),
        "review_comments": len(pull.review_comments),
        "maintainer_can_modify": False,
        "commits": len(record.git.between(pull.base_sha, pull.head_sha)),
        "additions": sum(change.additions for change in changes),
        "deletions": sum(change.deletions for change in changes),
        "changed_files": len(changes),
    }


def pull_request_ref(record: Repository, pull: PullRequest, links: Links) -> JSON:
    """As within check runs."""
    here = repository_ref(record, links)
    return {
        "url": links.pull(record, pull),
        "id": pull.id,
        "number": pull.number,
        "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": here},
        "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": here},
    }


def label(record: Repository, label: Label, links: Links) -> JSON:
    return {
        "id": label.id,
        "node_id": node_id("LA", label.id),
        "url": f"{links.repository(record)}/labels/{quote(label.name)}",
        "name": label.name,
        "color": "ededed",
        "default": False,
        "description": "",
    }


def file(record: Repository, change: FileChange, head_sha: str, links: Links) -> JSON:
    path = quote(change.path)
    shown = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": links.page(record, f"blob/{head_sha}/{path}"),
        "raw_url": links.page(record, f"raw/{head_sha}/{path}"),
        "contents_url": f"{links.repository(record)}/contents/{path}?ref={head_sha}",
    }
    if change.patch is not None:
        shown["patch"] = change.patch
    if change.old_path is not None:
        shown["previous_filename"] = change.old_path
    return shown


def _end(record: Repository, ref: str, sha: str, links: Links) -> JSON:
    return {
        "label": f"{record.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(record.owner, links),
        "repo": repository(record, links),
    }
