"""A chat identity becomes a GitHub login by a code that this login posts."""

import sqlite3

from tests.chat.town import Town, text_of

CODE = "0123456789abcdef"


def begin(town: Town, login: str = "octocat") -> None:
    found = town.chat(f"link {login}", "newcomer")
    assert found.reply.title == f"Prove that you are {login}"
    assert f"@seawall link confirm {CODE}" in text_of(found)
    assert not found.reply.is_public


def test_a_login_that_posts_the_code_is_linked(town: Town) -> None:
    begin(town)
    assert town.chat("pause acme/shop#7", "newcomer").reply.state == "refused"
    confirmed = town.say(f"link confirm {CODE}", "octocat")
    assert (confirmed.reply.state, confirmed.reply.title) == ("done", "octocat is linked")
    assert town.chat("pause acme/shop#7", "newcomer").reply.state == "done"


def test_another_login_cannot_use_the_code(town: Town) -> None:
    begin(town, "mona")
    assert town.say(f"link confirm {CODE}", "octocat").reply.state == "refused"
    assert town.chat("pause acme/shop#7", "newcomer").reply.state == "refused"


def test_the_code_is_good_for_fifteen_minutes(town: Town) -> None:
    begin(town)
    town.later(minutes=15, seconds=1)
    assert town.say(f"link confirm {CODE}", "octocat").reply.title == "That code is not known"


def test_the_code_itself_is_nowhere_in_the_ledger(town: Town) -> None:
    begin(town)
    with sqlite3.connect(town.ledger.path) as file:
        assert CODE not in "\n".join(file.iterdump())


def test_confirming_twice_is_confirming_once(town: Town) -> None:
    begin(town)
    assert {town.say(f"link confirm {CODE}", "octocat").reply.state for _ in range(2)} == {"done"}


def test_unlinking_takes_it_back(town: Town) -> None:
    begin(town)
    town.say(f"link confirm {CODE}", "octocat")
    assert town.chat("unlink", "newcomer").reply.title == "You are not linked any more"
    assert town.chat("pause acme/shop#7", "newcomer").reply.state == "refused"
    assert town.chat("unlink", "newcomer").reply.title == "There was no link"


def test_whoever_is_linked_already_is_told(town: Town) -> None:
    assert town.chat("link octocat", "octocat").reply.title == "You are linked to octocat already"


def test_whoami_tells_the_link_and_the_permission(town: Town) -> None:
    said = text_of(town.chat("whoami acme/shop", "octocat"))
    assert "octocat" in said
    assert "`write` in acme/shop" in said
    assert "not linked" in text_of(town.chat("whoami", "nobody"))
