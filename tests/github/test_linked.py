"""The issue behind a pull request, and where git finds its repository."""

import pytest

from bot.domain import PullRequest, Repository
from bot.errors import Forbidden
from bot.github.linked import issues_named, linked_issues
from bot.github.mirroring import clone_token, clone_url
from tests.github.conftest import HostFactory

SHOP = Repository(id=1, owner="acme", name="shop", installation_id=7)


def pull_request(body: str, title: str = "Pay") -> PullRequest:
    heads = {"base_ref": "main", "base_sha": "b" * 40, "head_ref": "pay", "head_sha": "a" * 40}
    return PullRequest(repository=SHOP, number=9, title=title, body=body, **heads)


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("Fixes #12", [12]),
        ("closes: acme/Shop#3 and resolved https://github.com/acme/shop/issues/4.", [3, 4]),
        ("fix #1, fix #2, fix #3", [1, 2]),
        ("fixes other/place#5, fixes https://github.com/other/place/issues/6", []),
        ("see #12; prefixes #13; fixes #9; fixes #0", []),
        ("", []),
    ],
)
def test_issues_are_those_of_this_repository_that_it_says_it_settles(body: str, numbers: list[int]) -> None:
    assert issues_named(pull_request(body)) == numbers


class Api:
    def __init__(self, answers):
        self.answers = answers

    def get(self, route):
        found = self.answers[route.path]
        if isinstance(found, Exception):
            raise found
        return found


class Host:
    def __init__(self, answers):
        self.answers = answers

    def api(self, installation_id):
        assert installation_id == 7
        return Api(self.answers)


def test_the_text_of_an_issue_is_bounded_in_whole_lines_and_what_cannot_be_read_is_left_out():
    answers = {
        "/repos/acme/shop/issues/1": {
            "number": 1,
            "state": "open",
            "title": "Hangs",
            "body": "a line of words\n" * 900,
        },
        "/repos/acme/shop/issues/2": Forbidden("no"),
    }
    (told,) = linked_issues(Host(answers), pull_request("fixes #1, fixes #2"))
    assert told.startswith("Issue #1 (open): Hangs\na line of words\n")
    assert told.endswith("\na line of words")
    assert len(told) < 2100


def test_a_pull_request_is_no_issue():
    answers = {
        "/repos/acme/shop/issues/1": {"number": 1, "state": "open", "title": "x", "body": None, "pull_request": {}}
    }
    assert linked_issues(Host(answers), pull_request("fixes #1")) == []


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://api.github.com", "https://github.com/acme/shop.git"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com/acme/shop.git"),
        ("https://git.acme.example:8443/api/v3", "https://git.acme.example:8443/acme/shop.git"),
    ],
)
def test_git_finds_a_repository_where_the_host_has_it(base_url: str, url: str) -> None:
    assert clone_url(base_url, SHOP) == url


def test_git_shows_the_token_of_the_settings(a_host: HostFactory) -> None:
    assert clone_token(a_host(token="abc"), SHOP) == "abc"
