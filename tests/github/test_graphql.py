"""GraphQL answers that are only partly there, or not at all."""

from typing import Any

import pytest

from bot.domain import FileRef, PullRequest
from bot.github import GitHubHost, GitHubSource
from bot.github.api import Api
from bot.settings import load_settings
from tests.github.conftest import Calls, Time
from tests.github.shop import APP_AFTER

READING = load_settings({}).reading
APP = FileRef("app.py", "RIGHT")


def expect_rest(host: GitHubHost, pull: PullRequest, calls: Calls) -> None:
    assert GitHubSource(host, pull, READING).read([APP]) == {APP: APP_AFTER.encode()}
    assert calls.of("GET", "/contents/{path}") == [200]


def answer_with(monkeypatch: pytest.MonkeyPatch, body: dict[str, Any]) -> None:
    """GitHub's answers to queries, in shapes that no stand-in is asked to fake."""
    monkeypatch.setattr(Api, "query", lambda *_: {"data": None, "errors": []} | body)


def test_a_query_that_github_could_not_finish_is_asked_again_after_a_minute(
    monkeypatch: pytest.MonkeyPatch, host: GitHubHost, pull: PullRequest, calls: Calls, times: Time
) -> None:
    answer_with(monkeypatch, {"errors": [{"message": "Something went wrong while executing your query."}]})
    expect_rest(host, pull, calls)
    assert host.no_graphql
    times.sleep(61)
    assert not host.no_graphql


def test_a_query_that_an_older_server_does_not_understand_is_not_asked_again_for_an_hour(
    monkeypatch: pytest.MonkeyPatch, host: GitHubHost, pull: PullRequest, calls: Calls, times: Time
) -> None:
    error = {"message": "Field 'x' doesn't exist on type 'Blob'", "extensions": {"code": "undefinedField"}}
    answer_with(monkeypatch, {"errors": [error]})
    expect_rest(host, pull, calls)
    times.sleep(3500)
    assert host.no_graphql


@pytest.mark.parametrize(
    "path", [["repository", "f0"], None], ids=["this file failed", "something failed and GitHub does not say what"]
)
def test_a_file_that_failed_in_a_query_is_not_taken_for_absent(
    monkeypatch: pytest.MonkeyPatch, host: GitHubHost, pull: PullRequest, calls: Calls, path: list[str] | None
) -> None:
    error = {"message": "Something went wrong", "type": "INTERNAL"} | ({"path": path} if path else {})
    data = {"repository": {"pullRequest": None, "k0": {"oid": pull.head_sha}, "f0": None}}
    answer_with(monkeypatch, {"data": data, "errors": [error]})
    expect_rest(host, pull, calls)
