"""Payloads for the examples: only the fields that are read."""

from typing import Any

from bot.domain import PullRequest, Repository

REPOSITORY = Repository(id=71, owner="acme", name="checkout", installation_id=5)
BASE, HEAD = "b" * 40, "a" * 40
AT = "2026-11-20T09:30:00Z"

PULL_REQUEST = PullRequest(
    repository=REPOSITORY,
    number=12,
    base_ref="main",
    base_sha=BASE,
    head_ref="retry-payments",
    head_sha=HEAD,
    title="Retry payments",
    author="mona",
    url="https://github.com/acme/checkout/pull/12",
    created_at="2026-11-20T09:00:00Z",
)


def payload(action: str, **more: Any) -> dict[str, Any]:
    """An event of acme/checkout, sent by hubot."""
    repository = {"id": 71, "name": "checkout", "owner": {"login": "acme"}}
    return {"action": action, "repository": repository, "installation": {"id": 5}, "sender": {"login": "hubot"}} | more


def pull_request(action: str, changes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A pull_request event; `more` replaces fields of the pull request."""
    values = {
        "number": 12,
        "state": "open",
        "draft": False,
        "title": "Retry payments",
        "body": None,
        "user": {"login": "mona", "type": "User"},
        "labels": [],
        "base": {"ref": "main", "sha": BASE},
        "head": {"ref": "retry-payments", "sha": HEAD},
        "html_url": "https://github.com/acme/checkout/pull/12",
        "created_at": "2026-11-20T09:00:00Z",
        "updated_at": AT,
    }
    return payload(action, pull_request=values | more, **({"changes": changes} if changes is not None else {}))
