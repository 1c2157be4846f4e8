"""Who may ask the stand-in, and what for."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import github
import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.demo.standin import PullRequest, Repository, StandIn


def test_the_app_finds_its_installation_and_gets_a_token(host: StandIn, shop: Repository, pull: PullRequest) -> None:
    auth = github.Auth.AppAuth(host.app.id, host.app.private_key)
    integration = github.GithubIntegration(auth=auth, base_url=host.base_url)
    assert integration.get_app().slug == "seawall"
    assert [one.id for one in integration.get_installations()] == [shop.installation_id]
    assert integration.get_repo_installation("acme", "shop").id == shop.installation_id
    token = integration.get_access_token(shop.installation_id, {"pull_requests": "write"})
    assert token.permissions == {"pull_requests": "write"}
    client = github.Github(auth=github.Auth.Token(token.token), base_url=host.base_url)
    assert client.get_repo("acme/shop").get_pull(pull.number).title == "Add the feature"


def test_more_permission_than_the_app_has_is_refused(host: StandIn, shop: Repository) -> None:
    auth = github.Auth.AppAuth(host.app.id, host.app.private_key)
    integration = github.GithubIntegration(auth=auth, base_url=host.base_url)
    with pytest.raises(github.GithubException) as refused:
        integration.get_access_token(shop.installation_id, {"contents": "write"})
    assert refused.value.status == 422


def _other_key(_: StandIn) -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    ("claims", "key", "status", "message"),
    [
        ({}, _other_key, 401, "could not be decoded"),
        ({"iss": 7}, None, 404, "Integration not found"),
        ({"exp": -60}, None, 401, "'Expiration time' claim ('exp') must be"),
        ({"exp": 3600}, None, 401, "too far in the future"),
        ({"iat": 600}, None, 401, "'Issued at' claim"),
    ],
)
def test_a_wrong_jwt_is_refused(
    host: StandIn, claims: dict[str, int], key: Callable[[StandIn], Any] | None, status: int, message: str
) -> None:
    now = int(datetime.now(UTC).timestamp())
    given = {
        "iss": claims.get("iss", host.app.id),
        "iat": now + claims.get("iat", -30),
        "exp": now + claims.get("exp", 300),
    }
    token = jwt.encode(given | {"iss": str(given["iss"])}, key(host) if key else host.app.key, "RS256")
    response = requests.get(f"{host.base_url}/app", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert (response.status_code, message in response.json()["message"]) == (status, True)


def test_a_jwt_signed_by_a_shared_secret_is_refused(host: StandIn) -> None:
    now = int(datetime.now(UTC).timestamp())
    token = jwt.encode(
        {"iss": str(host.app.id), "iat": now, "exp": now + 60}, "a secret as long as it takes to be one", "HS256"
    )
    response = requests.get(f"{host.base_url}/app", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert response.status_code == 401


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "Basic cm9iaW46eA==", "token"])
def test_without_a_token_that_is_known_nothing_is_told(host: StandIn, shop: Repository, authorization: str) -> None:
    response = requests.get(f"{host.base_url}/repos/acme/shop", headers={"Authorization": authorization}, timeout=60)
    assert (response.status_code, response.json()["message"]) == (401, "Bad credentials")


def test_an_installation_token_ends_after_an_hour(shop_clock: "Clock") -> None:
    host, clock = shop_clock.host, shop_clock
    token = host.world.tokens.issue(host.world.bot, 1, {})
    headers = {"Authorization": f"token {token.text}"}
    assert requests.get(f"{host.base_url}/rate_limit", headers=headers, timeout=60).status_code == 200
    clock.now += timedelta(minutes=61)
    assert requests.get(f"{host.base_url}/rate_limit", headers=headers, timeout=60).status_code == 401


def test_over_the_hourly_limit_requests_are_refused_until_the_hour_is_over(shop_clock: "Clock") -> None:
    host, clock = shop_clock.host, shop_clock
    headers = {"Authorization": f"token {host.token_for('robin')}"}
    answers = [requests.get(f"{host.base_url}/user", headers=headers, timeout=60) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 403]
    assert answers[3].json()["message"].startswith("API rate limit exceeded")
    assert (answers[3].headers["X-RateLimit-Remaining"], answers[2].headers["X-RateLimit-Used"]) == ("0", "3")
    assert requests.get(f"{host.base_url}/rate_limit", headers=headers, timeout=60).json()["rate"]["remaining"] == 0
    clock.now += timedelta(hours=1)
    assert requests.get(f"{host.base_url}/user", headers=headers, timeout=60).status_code == 200


def test_another_owner_s_repository_does_not_exist_for_an_installation(
    host: StandIn, shop: Repository, as_app: github.Github
) -> None:
    host.add_repository("rivals", "shop", shop.git.git_dir)
    with pytest.raises(github.UnknownObjectException):
        as_app.get_repo("rivals/shop")


def test_an_installation_without_the_permission_is_refused(host: StandIn, shop: Repository, pull: PullRequest) -> None:
    app = github.Auth.AppAuth(host.app.id, host.app.private_key)
    auth = app.get_installation_auth(shop.installation_id, {"pull_requests": "read", "metadata": "read"})
    client = github.Github(auth=auth, base_url=host.base_url, retry=None)
    with pytest.raises(github.GithubException, match="Resource not accessible by integration"):
        client.get_repo("acme/shop").get_pull(pull.number).create_review(body="Hello", event="COMMENT")


def test_a_user_is_told_who_he_is_and_the_app_is_not(as_user: github.Github, as_app: github.Github) -> None:
    assert as_user.get_user().login == "robin"
    with pytest.raises(github.GithubException) as refused:
        _ = as_app.get_user().login
    assert refused.value.status == 403


def test_a_classic_token_names_its_scopes_and_a_fine_grained_one_does_not(host: StandIn) -> None:
    told = []
    for scopes in ("repo, read:org", "", None):
        headers = {"Authorization": f"Bearer {host.token_for('robin', scopes)}"}
        told.append(requests.get(f"{host.base_url}/user", headers=headers, timeout=60).headers.get("X-OAuth-Scopes"))
    assert told == ["repo, read:org", "", None]


def test_permissions_of_people_are_told(
    host: StandIn, shop: Repository, pull: PullRequest, as_app: github.Github
) -> None:
    host.person(shop, "maia", "maintain")
    host.person(shop, "stranger")
    repository = as_app.get_repo("acme/shop")
    told = {name: repository.get_collaborator_permission(name) for name in ("dana", "maia", "stranger", "acme")}
    assert told == {"dana": "write", "maia": "write", "stranger": "read", "acme": "admin"}
    with pytest.raises(github.GithubException, match="nobody is not a user"):
        repository.get_collaborator_permission("nobody")


class Clock:
    """A host with three requests an hour, and hands on its clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.host = StandIn(rate_limit=3, clock=lambda: self.now)


@pytest.fixture
def shop_clock() -> Any:
    clock = Clock()
    with clock.host:
        yield clock
