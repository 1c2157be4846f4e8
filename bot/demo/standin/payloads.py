"""What webhooks carry: full events, valid by GitHub's own description of them."""

from typing import Any

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Account, CheckRun, PullRequest, Repository
from bot.demo.standin.shapes import JSON, iso
from bot.demo.standin.shapes.accounts import app, organization, user
from bot.demo.standin.shapes.checks import check_run
from bot.demo.standin.shapes.pulls import pull_request, pull_request_ref
from bot.demo.standin.shapes.repositories import hooked_repository
from bot.demo.standin.world import World


def pull_request_event(
    action: str, repository: Repository, pull: PullRequest, sender: Account, links: Links, **extra: Any
) -> JSON:
    """`extra` is what some actions carry besides: `before` and `after`, or `changes`."""
    shown = pull_request(repository, pull, links)
    for end in ("base", "head"):
        shown[end]["repo"] = hooked_repository(repository, links)
    return {
        "action": action,
        "number": pull.number,
        "pull_request": shown,
        **extra,
        **where(repository, sender, links),
    }


def edited_changes(title: str | None = None, body: str | None = None, base: tuple[str, str] | None = None) -> JSON:
    """What an `edited` event says of the former title, body, base branch and commit."""
    changes: JSON = {}
    if title is not None:
        changes["title"] = {"from": title}
    if body is not None:
        changes["body"] = {"from": body}
    if base is not None:
        changes["base"] = {"ref": {"from": base[0]}, "sha": {"from": base[1]}}
    return changes


def check_run_rerequested(world: World, repository: Repository, check: CheckRun, sender: Account, links: Links) -> JSON:
    """Somebody pressed "Re-run" on a completed check."""
    owner = app(world.app, links)
    shown = check_run(repository, check, world.app, links)
    pulls = repository.pulls_with_head(check.head_sha)
    shown["check_suite"] = {
        "id": check.suite_id,
        "node_id": node_id("CS", check.suite_id),
        "head_branch": pulls[0].head_ref if pulls else None,
        "head_sha": check.head_sha,
        "status": "completed",
        "conclusion": check.conclusion,
        "url": f"{links.repository(repository)}/check-suites/{check.suite_id}",
        "before": pulls[0].base_sha if pulls else None,
        "after": check.head_sha,
        "pull_requests": [pull_request_ref(repository, pull, links) for pull in pulls],
        "app": owner,
        "created_at": iso(check.started_at),
        "updated_at": iso(check.completed_at or check.started_at),
    }
    return {"action": "rerequested", "check_run": shown, **where(repository, sender, links)}


def merge_group_checks_requested(
    repository: Repository, base_ref: str, head_sha: str, number: int, sender: Account, links: Links
) -> JSON:
    """The merge queue built a commit and waits for our check on it."""
    base_sha, head = repository.git.resolve(base_ref), repository.git.commit(head_sha)
    assert base_sha
    assert head
    return {
        "action": "checks_requested",
        "merge_group": {
            "head_sha": head.sha,
            "head_ref": f"refs/heads/gh-readonly-queue/{base_ref}/pr-{number}-{base_sha}",
            "base_sha": base_sha,
            "base_ref": f"refs/heads/{base_ref}",
            "head_commit": {
                "id": head.sha,
                "tree_id": head.tree,
                "message": head.message,
                "timestamp": iso(head.committer.at),
                "author": {"name": head.author.name, "email": head.author.email},
                "committer": {"name": head.committer.name, "email": head.committer.email},
            },
        },
        **where(repository, sender, links),
    }


def ping(world: World, hook_url: str, links: Links) -> JSON:
    created = iso(world.app.created_at)
    return {
        "zen": "Keep it logically awesome.",
        "hook_id": world.app.id,
        "hook": {
            "type": "App",
            "id": world.app.id,
            "name": "web",
            "active": True,
            "events": [event for event in world.app.events if event != "merge_group"],
            "app_id": world.app.id,
            "config": {"content_type": "json", "insecure_ssl": "0", "url": hook_url, "secret": "********"},
            "updated_at": created,
            "created_at": created,
            "url": f"{links.api}/app/hook/config",
            "ping_url": f"{links.api}/app/hook/pings",
            "deliveries_url": f"{links.api}/app/hook/deliveries",
        },
    }


def where(repository: Repository, sender: Account, links: Links) -> JSON:
    """Whose event it is, and who set it off."""
    return {
        "repository": hooked_repository(repository, links),
        "organization": organization(repository.owner, links),
        "sender": user(sender, links),
        "installation": {
            "id": repository.installation_id,
            "node_id": node_id("IN", repository.installation_id),
        },
    }
