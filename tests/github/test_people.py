"""Who may do what in a repository: asked of GitHub, remembered for a minute, never guessed."""

import pytest

from bot.demo import standin
from bot.demo.standin import Broken, ConnectionReset, ServerError, StandIn
from bot.demo.standin.faults import Effect
from bot.domain import Repository
from bot.errors import HostUnavailable
from bot.github import Conversation, GitHubHost, GitHubPermissions
from tests.github.conftest import Calls, Time


@pytest.fixture
def talk(host: GitHubHost, shop: Repository) -> Conversation:
    return Conversation(host, shop)


@pytest.mark.parametrize(
    ("granted", "level"),
    [("admin", "admin"), ("maintain", "write"), ("write", "write"), ("triage", "read"), ("read", "read")],
)
def test_roles_are_folded_into_four(
    there: StandIn, talk: Conversation, shop_there: standin.Repository, granted: str, level: str
) -> None:
    there.person(shop_there, "robin", granted)
    assert talk.permission_of("robin") == level


def test_a_stranger_may_read_what_is_public_and_nothing_else(
    there: StandIn, talk: Conversation, shop_there: standin.Repository, times: Time
) -> None:
    there.person(shop_there, "stranger")
    assert (talk.permission_of("stranger"), talk.permission_of("nobody-at-all")) == ("read", "none")
    shop_there.is_private = True
    times.sleep(61)
    assert talk.permission_of("stranger") == "none"


@pytest.mark.parametrize("login", ["", "..", "x/../../other", "a b", "a\nb", "dana/permission#"])
def test_a_name_that_nobody_can_have_is_not_asked_about(talk: Conversation, calls: Calls, login: str) -> None:
    assert talk.permission_of(login) == "none"
    assert len(calls) == 0


def test_a_permission_is_remembered_for_a_minute_and_no_longer(
    there: StandIn, host: GitHubHost, shop: Repository, shop_there: standin.Repository, calls: Calls, times: Time
) -> None:
    there.person(shop_there, "robin", "write")
    people = GitHubPermissions(host)
    assert [people.of(shop, "robin"), people.of(shop, "Robin")] == ["write", "write"]
    assert calls.of("GET", "/permission") == [200]
    there.person(shop_there, "robin", "read")
    times.sleep(58)
    assert people.of(shop, "robin") == "write"
    times.sleep(3)
    assert people.of(shop, "robin") == "read"


@pytest.mark.parametrize("effect", [ServerError(502), Broken("garbage"), ConnectionReset()])
def test_a_permission_that_cannot_be_learnt_is_an_error_and_never_a_yes(
    there: StandIn, talk: Conversation, shop_there: standin.Repository, times: Time, effect: Effect
) -> None:
    there.person(shop_there, "robin", "admin")
    assert talk.permission_of("robin") == "admin"
    times.sleep(61)
    there.fail(effect, "GET", ".*/permission$", times=3)
    with pytest.raises(HostUnavailable):
        talk.permission_of("robin")


@pytest.mark.parametrize("said", [{}, {"permission": None}, {"permission": "owner"}, [], "admin"])
def test_an_answer_that_names_no_permission_is_an_error(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch, said: object
) -> None:
    monkeypatch.setattr(talk._api, "get", lambda *_: said)
    with pytest.raises(HostUnavailable, match="not understood"):
        talk.permission_of("robin")


@pytest.mark.parametrize(
    ("permission", "role", "level"),
    [
        ("write", "release-manager", "write"),
        ("read", "admin", "read"),
        ("admin", "triage", "read"),
        ("none", "", "none"),
    ],
)
def test_a_role_of_the_organisation_s_own_counts_as_github_counts_it(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch, permission: str, role: str, level: str
) -> None:
    monkeypatch.setattr(talk._api, "get", lambda *_: {"permission": permission, "role_name": role})
    assert talk.permission_of("robin") == level
