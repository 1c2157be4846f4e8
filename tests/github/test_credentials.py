"""Who we are to GitHub: tokens are minted once, renewed in time, and shown to nobody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.demo.standin import StandIn
from bot.domain import PullRequest, Repository
from bot.errors import Forbidden, SettingsError
from bot.github import GitHubHost, fetch_pull_request, redeliver
from bot.settings import load_settings
from tests.github.conftest import Calls, HostFactory, Time


def read(host: GitHubHost, shop: Repository) -> PullRequest:
    return fetch_pull_request(host, shop, 1)


def test_an_installation_token_is_minted_once_for_all_threads_and_renewed_before_it_ends(
    host: GitHubHost, shop: Repository, pull: PullRequest, calls: Calls, times: Time
) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: read(host, shop), range(8)))
    assert calls.of("POST", "/access_tokens") == [201]
    times.ahead_s += timedelta(minutes=59).total_seconds()
    read(host, shop)
    assert calls.of("POST", "/access_tokens") == [201, 201]


def test_a_token_that_github_no_longer_knows_is_replaced_by_the_next_request(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest
) -> None:
    read(host, shop)
    there.world.tokens._tokens.clear()
    with pytest.raises(Forbidden, match="refuses the credentials"):
        read(host, shop)
    assert read(host, shop).number == 1


@pytest.mark.parametrize(
    ("github", "told"),
    [
        ({"token": ""}, "No credentials for GitHub: set SEAWALL_GITHUB__TOKEN"),
        ({"app_id": 7, "private_key_path": "/nowhere.pem"}, "key cannot be read from /nowhere.pem"),
        ({"app_id": 7, "private_key": "not a key"}, "private key cannot sign"),
    ],
)
def test_missing_credentials_are_named(shop: Repository, github: dict[str, object], told: str) -> None:
    host = GitHubHost(load_settings({}, github={"base_url": "http://127.0.0.1:1"} | github).github)
    with pytest.raises(SettingsError, match=told):
        read(host, shop)


def test_what_only_an_app_may_do_says_so(a_host: HostFactory) -> None:
    with pytest.raises(SettingsError, match="needs a GitHub App"):
        redeliver(a_host(token="t"), 5)


def test_the_key_of_the_app_never_shows_in_pygithubs_log(
    host: GitHubHost, shop: Repository, pull: PullRequest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", logger="github.Requester"):
        read(host, shop)
    logged = caplog.text
    assert "(masked)" in logged
    assert "Bearer" not in logged
