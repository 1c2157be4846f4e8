"""GitHub's hourly limits are known from answers that came anyway."""

import pytest

from bot.demo.standin import PrimaryLimit, StandIn
from bot.domain import PullRequest, Repository
from bot.domain.workers import LimitSeen
from bot.errors import RateLimited
from bot.github import GitHubHost, fetch_pull_request
from bot.github.limits import MOST_KEPT, HourlyLimits

NOON = 1_795_521_600
AT_ONE = "2026-11-24T13:00:00+00:00"


def headers(remaining: object, reset: object = NOON + 3600, limit: object = 5000, **more: str) -> dict[str, str]:
    told = {"limit": limit, "remaining": remaining, "reset": reset} | more
    return {f"x-ratelimit-{name}": str(value) for name, value in told.items()}


def test_what_an_answer_tells_is_known_by_installation_and_resource() -> None:
    limits = HourlyLimits(lambda: NOON)
    limits.hear("7", headers(4321, resource="core"))
    limits.hear("7", headers(99, resource="graphql"))
    limits.hear("", headers(58, limit=60))
    assert [(one.installation, one.resource, one.remaining, one.limit) for one in limits.told()] == [
        ("", "core", 58, 60), ("7", "core", 4321, 5000), ("7", "graphql", 99, 5000),
    ]  # fmt: skip
    assert {one.resets_at for one in limits.told()} == {AT_ONE}


def test_an_answer_that_was_overtaken_gives_nothing_back_and_a_new_hour_does() -> None:
    limits = HourlyLimits(lambda: NOON)
    for remaining, reset in ((4000, NOON + 60), (4100, NOON + 60), (4200, NOON + 50)):
        limits.hear("7", headers(remaining, reset))
    assert [one.remaining for one in limits.told()] == [4000]
    limits.hear("7", headers(4999, NOON + 3660))
    assert [one.remaining for one in limits.told()] == [4999]


def test_an_answer_of_the_hour_before_that_comes_late_takes_nothing_from_the_new_one() -> None:
    now = NOON - 1
    limits = HourlyLimits(lambda: now)
    limits.hear("7", headers(13, NOON))
    now = NOON + 1
    limits.hear("7", headers(4999, NOON + 3601))
    limits.hear("7", headers(12, NOON))
    assert [one.remaining for one in limits.told()] == [4999]


def test_an_hour_that_is_over_is_told_no_more() -> None:
    now = NOON
    limits = HourlyLimits(lambda: now)
    limits.hear("7", headers(3))
    now += 3600
    assert limits.told() == ()


@pytest.mark.parametrize(
    "told",
    [{}, headers("many"), headers(1, "soon"), headers(1, 10**30), {"x-ratelimit-remaining": "4"}, headers("")],
)
def test_an_answer_without_a_limit_tells_nothing(told: dict[str, str]) -> None:
    limits = HourlyLimits(lambda: NOON)
    limits.hear("7", told)
    assert limits.told() == ()


def test_no_more_are_kept_than_are_looked_at() -> None:
    limits = HourlyLimits(lambda: NOON)
    for number in range(MOST_KEPT + 5):
        limits.hear(str(number), headers(1))
    assert len(limits.told()) == MOST_KEPT


def test_a_host_knows_after_its_first_question_and_from_a_refusal(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest
) -> None:
    assert host.limits() == ()
    fetch_pull_request(host, shop, 1)
    (before,) = [one for one in host.limits() if one.installation == str(shop.installation_id)]
    assert isinstance(before, LimitSeen)
    assert (before.resource, before.limit) == ("core", 5000)
    assert 0 < before.remaining < 5000
    there.fail(PrimaryLimit(), "GET", ".*/pulls/1$")
    with pytest.raises(RateLimited):
        fetch_pull_request(host, shop, 1)
    (refused,) = [one for one in host.limits() if one.installation == str(shop.installation_id)]
    assert refused.remaining == 0
