"""Who may give a command: asked of the host each time, by the policy of the base branch, and never on a guess."""

import pytest

from bot.chat.asked import Granted
from bot.domain import Person, Place
from bot.errors import HostUnavailable
from bot.settings import Policy
from tests.chat.people import MAY, REPOSITORY
from tests.chat.town import Town, text_of

PEOPLE = ("mona", "octocat", "passer", "stranger")


@pytest.mark.parametrize("needed", ["read", "write", "admin"])
@pytest.mark.parametrize("login", PEOPLE)
def test_policy_says_who_may_write(town: Town, needed: Granted, login: str) -> None:
    town.policies.policy = Policy.model_validate({"command_permission": needed})
    order = ("none", "read", "write", "admin")
    may = order.index(MAY.get(login, "none")) >= order.index(needed)
    assert (town.say("dismiss a1b2c3d by design", login).reply.state == "done") is may
    assert bool(town.ledger.evidence(REPOSITORY.id, 7)) is may


@pytest.mark.parametrize(("login", "state"), [("passer", "done"), ("stranger", "refused")])
def test_reading_is_for_whoever_can_see_the_repository(town: Town, login: str, state: str) -> None:
    assert town.say("waivers", login).reply.state == state


def test_a_refusal_says_who_may_and_what_one_has(town: Town) -> None:
    said = text_of(town.say("dismiss a1b2c3d no", "passer"))
    assert "whoever can push to acme/shop" in said
    assert "you have `read` there" in said
    assert "command_permission" in said


def test_where_the_permission_cannot_be_looked_up_nothing_is_done(town: Town) -> None:
    town.permissions.fails = HostUnavailable("GitHub answers 502.")
    found = town.say("dismiss a1b2c3d no", "mona")
    assert (found.reply.state, found.reply.title) == ("refused", "Your permission could not be looked up")
    assert "GitHub answers 502." in text_of(found)
    assert town.ledger.evidence(REPOSITORY.id, 7) == {}


def test_where_the_policy_cannot_be_read_only_administrators_may(town: Town) -> None:
    town.policies.fails = HostUnavailable("GitHub answers 502.")
    refused = town.say("dismiss a1b2c3d no", "octocat")
    assert (refused.reply.state, refused.reply.title) == ("refused", "Who may do this could not be looked up")
    assert town.say("dismiss a1b2c3d no", "mona").reply.state == "done"


def test_the_permission_is_that_of_the_linked_login_not_of_the_name_shown(town: Town) -> None:
    impostor = Person(transport="slack", id="U-passer", workspace="T1", name="mona")
    place = Place(transport="slack", workspace="T1", channel="C1")
    found = town.answer(town.given("pause acme/shop#7", impostor, place))
    assert found.reply.state == "refused"


def test_the_same_user_of_another_workspace_is_somebody_else(town: Town) -> None:
    other = Person(transport="slack", id="U-mona", workspace="T2")
    found = town.answer(town.given("pause acme/shop#7", other, Place(transport="slack", workspace="T2", channel="C1")))
    assert found.reply.title == "Seawall does not know who you are on GitHub"


def test_who_sits_at_the_terminal_may_do_everything_and_is_not_looked_up(town: Town) -> None:
    assert town.chat("pause acme/shop the disk is full", transport="terminal").reply.state == "done"
    assert town.permissions.asked == []


@pytest.mark.parametrize(
    ("text", "login", "state"),
    [
        ("mute unbounded-retry for 7d", "octocat", "refused"),
        ("mute non-idempotent-retry/write-retried", "octocat", "refused"),
        ("mute unbounded-retry for 7d", "mona", "done"),
        ("mute resource-leak", "octocat", "done"),
    ],
)
def test_what_can_be_critical_is_muted_by_administrators_only(town: Town, text: str, login: str, state: str) -> None:
    found = town.say(text, login)
    assert found.reply.state == state
    assert (len(town.ledger.waivers(REPOSITORY.id, found_at(town))) == 2) is (state == "done")
    assert state == "done" or "administrators of acme/shop" in text_of(found)


def found_at(town: Town) -> str:
    return town.now.isoformat(timespec="seconds")


@pytest.mark.parametrize(("login", "state"), [("octocat", "refused"), ("mona", "done")])
@pytest.mark.parametrize("text", ["pause acme/shop", "pause", "resume"])
def test_a_whole_repository_is_paused_by_administrators_only(town: Town, login: str, state: str, text: str) -> None:
    assert town.chat(text, login).reply.state == state


def test_forgetting_needs_more_than_reading(town: Town) -> None:
    assert town.say("memory", "passer").reply.state == "done"
    assert town.say("memory forget g-0a1b2c3", "passer").reply.state == "refused"
    assert len(town.ledger.guidance(REPOSITORY.id)) == 1


def test_a_run_of_a_repository_that_may_not_be_seen_stays_hidden(town: Town) -> None:
    run = town.say("waivers", "mona").reply.run_id
    assert town.chat(f"status {run}", "octocat").reply.state == "done"
    assert town.chat(f"status {run}", "stranger").reply.state == "refused"
    assert town.chat(f"cancel {run}", "passer").reply.state == "refused"


def test_a_run_in_chat_is_its_owners_business(town: Town) -> None:
    run = town.chat("subscriptions", "mona").reply.run_id
    assert town.chat(f"status {run}", "mona").reply.state == "done"
    assert town.chat(f"status {run}", "octocat").reply.title == f"There is no run {run}"


def test_a_model_is_not_asked_for_somebody_who_may_not(town: Town) -> None:
    assert town.model is not None
    town.say("ask is it safe?", "passer")
    town.say("fix a1b2c3d", "stranger")
    assert town.model.shown == []


def test_policy_keeps_code_from_the_model(town: Town) -> None:
    town.policies.policy = Policy(llm=False)
    found = town.say("ask is it safe?", "mona")
    assert (found.reply.state, found.reply.title) == ("refused", "Policy keeps this code from the model")
    assert town.model is not None
    assert town.model.shown == []


def test_the_permission_is_that_of_the_repository_that_is_meant(town: Town) -> None:
    """mona administers acme/shop and may nothing in acme/vault."""
    assert town.chat("pause acme/vault", "mona").reply.state == "refused"
    assert town.chat("pause acme/nowhere", "mona").reply.state == "refused"
    known, unknown = (town.chat(f"incident {name} stood open", "mona").reply for name in ("acme/vault", "acme/nowhere"))
    assert known.state == unknown.state, "that it is known must not show"
    assert {one.repository_id for one in town.ledger.incidents(None, 9)} == {REPOSITORY.id}
    assert town.say("pause acme/vault", "mona").reply.title == "acme/vault is another repository"
    assert town.ledger.paused(REPOSITORY.id, 7) == ""


def test_who_names_the_repository_means_all_of_it(town: Town) -> None:
    assert town.say("pause acme/shop", "octocat").reply.state == "refused"
    assert town.say("pause acme/shop", "mona").reply.title == "Reviews of acme/shop are paused"
    assert town.ledger.paused(REPOSITORY.id, 99)
