"""Check runs and commit statuses."""

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import CheckRun, CommitStatus, Repository
from bot.demo.standin.shapes import JSON, iso, iso_or_none
from bot.demo.standin.shapes.accounts import app, user
from bot.demo.standin.shapes.pulls import pull_request_ref
from bot.demo.standin.world import App


def check_run(record: Repository, check: CheckRun, owner: App, links: Links) -> JSON:
    url = f"{links.repository(record)}/check-runs/{check.id}"
    return {
        "id": check.id,
        "name": check.name,
        "node_id": node_id("CR", check.id),
        "head_sha": check.head_sha,
        "external_id": check.external_id,
        "url": url,
        "html_url": links.page(record, f"runs/{check.id}"),
        "details_url": check.details_url or "https://seawall.example",
        "status": check.status,
        "conclusion": check.conclusion,
        "started_at": iso(check.started_at),
        "completed_at": iso_or_none(check.completed_at),
        "output": {
            "title": check.title,
            "summary": check.summary,
            "text": check.text,
            "annotations_count": len(check.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": check.suite_id},
        "app": app(owner, links),
        "pull_requests": [pull_request_ref(record, pull, links) for pull in record.pulls_with_head(check.head_sha)],
    }


def annotation(record: Repository, check: CheckRun, given: JSON, links: Links) -> JSON:
    path = given["path"]
    return {
        "path": path,
        "blob_href": links.page(record, f"blob/{check.head_sha}/{path}"),
        "start_line": given["start_line"],
        "end_line": given["end_line"],
        "start_column": given.get("start_column"),
        "end_column": given.get("end_column"),
        "annotation_level": given["annotation_level"],
        "title": given.get("title"),
        "message": given["message"],
        "raw_details": given.get("raw_details"),
    }


def status(record: Repository, status: CommitStatus, links: Links) -> JSON:
    return {
        "url": f"{links.repository(record)}/statuses/{status.sha}",
        "avatar_url": f"{links.site}/avatars/u/{status.creator.id}",
        "id": status.id,
        "node_id": node_id("SC", status.id),
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": iso(status.created_at),
        "updated_at": iso(status.created_at),
        "creator": user(status.creator, links),
    }
