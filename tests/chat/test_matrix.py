"""Every command, allowed, refused, malformed and without a model: on GitHub and in a chat channel."""

import pytest

from bot.chat.commands import commands
from tests.chat.matrix import CASES, Case
from tests.chat.town import Town, text_of, without_model


def ids(case: Case) -> str:
    return case.id


def prepared(town: Town, case: Case) -> Town:
    return without_model(town) if case.kind == "model absent" else town


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_on_github(town: Town, case: Case) -> None:
    found = prepared(town, case).say(case.text, case.login, case.in_thread)
    if case.where == "chat":
        assert found.reply.state == "refused", text_of(found)
        return
    assert (found.reply.state, found.reply.title[: len(case.begins)]) == (case.state, case.begins), text_of(found)
    assert found.reply.run_id.startswith("c-")


@pytest.mark.parametrize("case", [case for case in CASES if case.said_in_chat], ids=ids)
def test_in_chat(town: Town, case: Case) -> None:
    found = prepared(town, case).chat(case.said_in_chat, case.login)
    if case.where == "github":
        assert found.reply.state == "refused", text_of(found)
        return
    is_hidden = case.kind == "refused" and case.login == "stranger"
    begins = "acme/shop is not served by Seawall, or you may not see it" if is_hidden else case.begins
    assert (found.reply.state, found.reply.title[: len(begins)]) == (case.state, begins), text_of(found)


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "refused" and case.said_in_chat], ids=ids)
def test_whoever_is_not_linked_is_refused_in_chat_and_told_how_to_link(town: Town, case: Case) -> None:
    found = town.chat(case.said_in_chat, "nobody")
    assert found.reply.state == "refused"
    assert found.reply.title == "Seawall does not know who you are on GitHub"
    assert "link YOUR-LOGIN" in text_of(found)
    assert found.wants == ()


def test_the_table_holds_every_kind_of_every_command() -> None:
    covered = {(case.command, case.kind) for case in CASES}
    assert {name for name, kind in covered if kind == "allowed"} == set(commands())
    assert {name for name, kind in covered if kind == "malformed"} >= set(commands()) - {"pause"}
    for command in commands().values():
        if command.permission != "anyone" and any(use.about != "nothing" for use in command.uses):
            assert (command.name, "refused") in covered
