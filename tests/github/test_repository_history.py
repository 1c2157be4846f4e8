"""The past of a repository beyond its pull requests, and what is left of GitHub's hourly limit while it is read."""

from datetime import datetime
from typing import Any

import pytest

from bot.demo import standin
from bot.demo.standin import ServerError, StandIn, delivery
from bot.domain import Repository
from bot.errors import Forbidden, RateLimited
from bot.github import GitHubHost
from bot.github.quota import leave_some
from bot.github.repository_history import deployments_since, past_of_repository
from bot.github.routes import repository_named
from tests.github.conftest import Time
from tests.github.past import Past
from tests.github.shop import Git
from tests.github.test_history import LONG_AGO, rows_of


@pytest.fixture
def past(there: StandIn, shop_there: standin.Repository, git: Git) -> Past:
    return Past(there, shop_there, git)


def test_deployments_releases_and_incidents_have_a_past_too(
    there: StandIn, past: Past, a_host: Any, shop_there: standin.Repository, shop: Repository
) -> None:
    there.app.permissions["deployments"] = "read"
    host, world, at = a_host(), there.world, "2026-09-02T09:00:00Z"
    old, late = "2025-01-01T09:00:00Z", "2026-09-02T10:00:00Z"
    past.at(old, lambda: delivery.deploy(world, shop_there, "main", "production", "dana", "success"))
    made = past.at(at, lambda: delivery.deploy(world, shop_there, "main", "production", "dana", "in_progress", "error"))
    past.at(at, lambda: delivery.release(world, shop_there, "v2.0.0-rc1", "dana"))
    past.at(old, lambda: delivery.release(world, shop_there, "v1.0.0", "dana"))
    issue = past.at(at, lambda: delivery.open_issue(world, shop_there, "Checkout is down", "mona", ["incident"]))
    past.at(at, lambda: delivery.open_issue(world, shop_there, "A typo", "mona", ["docs"]))
    past.at(at, lambda: there.open_pull_request(shop_there, "main", "feature", "A fix", labels=["incident"]))
    past.at(late, lambda: delivery.close_issue(world, issue, "dana"))
    (page,) = deployments_since(host, shop, LONG_AGO)
    events, refused = past_of_repository(host, shop, LONG_AGO, ("incident",))
    events = [*page.events, *events]
    assert not refused
    deployed = {"environment": "production", "state": "failure", "sha": made.sha, "id": made.id}
    told = {"issue": issue.number, "title": "Checkout is down"}
    assert [(*row[:3], {k: v for k, v in row[3].items() if k != "url"}) for row in rows_of(events)] == [
        ("deployed", at, "dana", deployed),
        ("released", at, "dana", {"tag": "v2.0.0-rc1", "is_prerelease": True}),
        ("incident-opened", at, "mona", told),
        ("incident-closed", late, "dana", {"issue": issue.number}),
    ]


def test_a_release_counts_when_it_is_published_and_a_draft_not_at_all(
    there: StandIn, past: Past, a_host: Any, shop_there: standin.Repository, shop: Repository
) -> None:
    there.app.permissions |= {"contents": "write", "deployments": "read"}  # who may write sees drafts
    host, world, at = a_host(), there.world, "2026-09-02T09:00:00Z"
    made = past.at(at, lambda: delivery.release(world, shop_there, "v2.0.0", "dana"))
    made.created_at = datetime.fromisoformat("2025-12-01T09:00:00Z")  # its commit is that old
    past.at(at, lambda: delivery.release(world, shop_there, "v3.0.0", "dana", is_draft=True))
    assert len(host.api(shop.installation_id).get(repository_named("acme", "shop").below("/releases"))) == 2
    events, _ = past_of_repository(host, shop, LONG_AGO, ())
    assert rows_of(events) == [("released", at, "dana", {"tag": "v2.0.0", "is_prerelease": False})]


def test_a_deployment_that_is_gone_meanwhile_is_left_out(
    there: StandIn, past: Past, a_host: Any, shop_there: standin.Repository, shop: Repository
) -> None:
    there.app.permissions["deployments"] = "read"
    host, world, at = a_host(), there.world, "2026-09-02T09:00:00Z"
    made = [
        past.at(at, lambda: delivery.deploy(world, shop_there, "main", "production", "dana", "success"))
        for _ in range(2)
    ]
    there.fail(ServerError(404), path=f".*/deployments/{made[0].id}/statuses")
    (page,) = deployments_since(host, shop, LONG_AGO)
    assert [one.details["id"] for one in page.events] == [made[1].id]


def test_what_is_not_granted_is_named_and_passed_over(
    there: StandIn, past: Past, shop_there: standin.Repository, host: GitHubHost, shop: Repository
) -> None:
    at = "2026-09-02T09:00:00Z"
    past.at(at, lambda: delivery.release(there.world, shop_there, "v2.0.0", "dana"))
    there.app.permissions.pop("issues", None)
    events, refused = past_of_repository(host, shop, LONG_AGO, ("incident",))
    assert [one.event for one in events] == ["released"]
    assert refused == ["issues (issues: read)"]
    with pytest.raises(Forbidden):
        list(deployments_since(host, shop, LONG_AGO))


def test_a_fifth_of_the_hourly_limit_is_left_to_reviews(
    there: StandIn, host: GitHubHost, shop: Repository, times: Time
) -> None:
    leave_some(host, shop)
    there.world.tokens.rate_limit = 10
    for _ in range(9):
        host.api(shop.installation_id).get(repository_named("acme", "shop"))
    with pytest.raises(RateLimited, match=r"1 of 10 requests") as limited:
        leave_some(host, shop)
    assert 3000 < (limited.value.retry_after_s or 0) < 3700
