"""GitHub answers a sign-in with something that nobody foresaw: a page says what to do, and nobody is signed in."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.dashboard.some_github import SomeGitHub
from tests.dashboard.test_signing_in import (  # noqa: F401 — fixtures
    Clock,
    browser,
    clock,
    get,
    github,
    settings,
    sign_in,
)

TOKEN, USER, MEMBER = "/login/oauth/access_token", "/api/v3/user", "/api/v3/user/memberships/orgs/acme"
INSTALLED = "/api/v3/user/installations"
REPOSITORIES = f"{INSTALLED}/5/repositories"
STRANGE = ("[]", "null", '"yes"', "{}", "<html>Sign in to the proxy</html>", "", "\x00", "[" * 5000)


@pytest.mark.parametrize("answer", STRANGE, ids=lambda answer: answer[:12] or "nothing")
@pytest.mark.parametrize("path", [TOKEN, USER, INSTALLED, REPOSITORIES])
def test_a_strange_answer_is_a_page_that_says_what_to_do(
    browser: FlaskClient,  # noqa: F811
    github: SomeGitHub,  # noqa: F811
    path: str,
    answer: str,
) -> None:
    github.strange[path] = (answer, 200)
    back = sign_in(browser, github, "mona")
    assert back.status_code == 503
    assert "Try again in a minute" in back.text
    assert "Traceback" not in back.text
    assert get(browser, "/").status_code == 303, "nobody is signed in"


@pytest.mark.parametrize("ids", ['[{"id": "x"}]', '[{"id": null}]', "[7]", '{"id": 7}', "null"])
def test_repositories_without_an_id_are_no_repositories(
    browser: FlaskClient,  # noqa: F811
    github: SomeGitHub,  # noqa: F811
    ids: str,
) -> None:
    github.strange[REPOSITORIES] = (f'{{"repositories": {ids}}}', 200)
    assert sign_in(browser, github, "mona").status_code == 503


def test_the_client_of_an_oauth_app_is_told_for_what_it_is(browser: FlaskClient, github: SomeGitHub) -> None:  # noqa: F811
    github.strange[INSTALLED] = ('{"message": "You must authenticate with an access token of a GitHub App"}', 403)
    back = sign_in(browser, github, "mona")
    assert back.status_code == 403
    assert "dashboard.client_id must be that of the GitHub App" in back.text


def test_a_strange_answer_later_counts_as_no_answer(
    browser: FlaskClient,  # noqa: F811
    github: SomeGitHub,  # noqa: F811
    clock: Clock,  # noqa: F811
) -> None:
    sign_in(browser, github, "mona")
    github.strange[USER] = ("[]", 200)
    clock.now += timedelta(minutes=11)
    page = get(browser, "/repositories")
    assert page.status_code == 200
    assert "what you may see is as of" in page.text
