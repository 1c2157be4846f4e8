"""What came of merged pull requests: deployments, releases, issues; and how much a token may still ask."""

from flask import Blueprint, Response, g, request

from bot.demo.standin.records import Issue, PullRequest
from bot.demo.standin.refusals import invalid, not_found
from bot.demo.standin.routes.asking import (
    answer,
    changed_since,
    links,
    my_token,
    page_of,
    pull_request,
    repository,
    world,
)
from bot.demo.standin.shapes import delivery, timeline
from bot.demo.standin.shapes.issues import issue

routes = Blueprint("delivery", __name__)


@routes.get("/rate_limit")
def rate_limit() -> Response:
    """Asking costs nothing."""
    token = world().tokens.find(request.headers.get("Authorization", ""))
    g.token = token
    limit, now = world().tokens.rate_limit, world().clock()
    is_running = token.resets_at is not None and token.resets_at > now
    used = token.used if is_running else 0
    reset = int(token.resets_at.timestamp()) if is_running and token.resets_at else int(now.timestamp()) + 3600
    left = {"limit": limit, "used": used, "remaining": max(0, limit - used), "reset": reset}
    return answer({"resources": {"core": left, "search": left, "graphql": left}, "rate": left})


@routes.get("/repos/<owner>/<repo>/issues/<int:number>/timeline")
def list_timeline(owner: str, repo: str, number: int) -> Response:
    found, pull = pull_request(owner, repo, number)
    page, headers = page_of(timeline.of(found, pull))
    return answer([timeline.item(found, pull, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/deployments")
def list_deployments(owner: str, repo: str) -> Response:
    """Newest first."""
    found = repository(owner, repo, "deployments")
    page, headers = page_of(found.deployments[::-1])
    return answer([delivery.deployment(found, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/deployments/<int:deployment_id>/statuses")
def list_deployment_statuses(owner: str, repo: str, deployment_id: int) -> Response:
    """Newest first."""
    found = repository(owner, repo, "deployments")
    of = next((one for one in found.deployments if one.id == deployment_id), None)
    if of is None:
        raise not_found()
    page, headers = page_of(of.statuses[::-1])
    return answer([delivery.deployment_status(found, of, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/releases")
def list_releases(owner: str, repo: str) -> Response:
    """Newest first. Drafts are seen by those alone who may write."""
    found = repository(owner, repo, "contents")
    sees_drafts = my_token().may("contents", "write")
    page, headers = page_of([one for one in reversed(found.releases) if one.published_at or sees_drafts])
    return answer([delivery.release(found, one, links()) for one in page], headers=headers)


@routes.get("/repos/<owner>/<repo>/issues")
def list_issues(owner: str, repo: str) -> Response:
    """Newest first; pull requests are issues too."""
    found, asked = repository(owner, repo, "issues"), request.args
    state = asked.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise invalid("Issue", "state")
    labels = {name.lower() for name in asked.get("labels", "").split(",") if name}
    everything: list[Issue | PullRequest] = [*found.issues.values(), *found.pulls.values()]
    wanted = [
        one
        for one in changed_since(everything)
        if (state == "all" or (one.closed_at is None) == (state == "open"))
        and labels <= {tag.name.lower() for tag in one.labels}
    ]
    page, headers = page_of(sorted(wanted, key=lambda one: (one.created_at, one.number), reverse=True))
    return answer([issue(found, one, links()) for one in page], headers=headers)
