"""Every command, allowed, refused, malformed and without a model, the whole way in every transport: from the request
that a person's line becomes to the title, sign and text that this person reads.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.chat.commands import commands
from bot.domain import Button, Buttons, Code, Facts, Reply, ReplyState, Table, Transport, Words
from bot.transports.writing.inline import plain
from bot.transports.writing.signs import sign_of
from tests.chat.conftest import Edges
from tests.chat.matrix import CASES, Case
from tests.chat.town import Town, text_of, without_model
from tests.chat.ways import WAYS

HIDDEN = "{} is not served by Seawall, or you may not see it"
ELSEWHERE = {"github": "chat", "slack": "github", "teams": "github", "signed": "github"}
"""What can only be said there is refused here; at the terminal, both."""


def said_by(transport: Transport, case: Case) -> str:
    """The line as typed in that transport; empty where the case cannot be said there."""
    if transport == "github":
        return case.text
    if transport == "terminal" and case.kind == "refused":  # who sits there may everything, but not everywhere
        return case.said_in_chat.replace("acme/shop", "acme/nowhere")
    return case.said_in_chat


def expected(transport: Transport, case: Case) -> tuple[ReplyState, str]:
    """The state of the answer and how its title begins."""
    if case.where == ELSEWHERE.get(transport) or (transport == "terminal" and case.where != "anywhere"):
        return "refused", ""
    if case.kind == "refused" and transport == "terminal":
        return "refused", HIDDEN.format("acme/nowhere")
    if case.kind == "refused" and transport != "github" and case.login == "stranger":
        return "refused", HIDDEN.format("acme/shop")
    return case.state, case.begins


def everything() -> Iterator[object]:
    for transport in WAYS:
        for case in CASES:
            if said_by(transport, case):
                yield pytest.param(transport, case, id=f"{transport}: {case.id}")


@pytest.mark.parametrize(("transport", "case"), list(everything()))
def test_the_whole_way(town: Town, edges: Edges, transport: Transport, case: Case) -> None:
    town = without_model(town) if case.kind == "model absent" else town
    town.now = datetime.now(UTC)  # the edges go by the clock
    seen = WAYS[transport](edges(town), town, said_by(transport, case), case.login, case.in_thread)
    reply = seen.answer.reply
    state, begins = expected(transport, case)
    assert (reply.state, reply.title[: len(begins)]) == (state, begins), text_of(seen.answer)
    assert " ".join(seen.shown.split()) == " ".join(f"{sign_of(state)} {reply.title}".split())
    assert reply.run_id == seen.given.run_id
    assert reply.run_id in seen.text, "whoever asks about it names it so"
    lost = letters(written(reply)) - letters(seen.text)
    assert not lost, "of a town this small nothing is left out"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.kind == "refused" and case.said_in_chat], ids=lambda case: str(case.id)
)
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


def test_a_cut_is_noticed() -> None:
    reply = Reply(state="done", title="Two", parts=(Words(text="**one** and `two`"), Table(columns=(), rows=(("3",),))))
    assert letters(written(reply)) == letters("Two one and two 3")
    assert letters(written(reply)) - letters("Two one and two") == Counter("3")


def letters(text: str) -> Counter[str]:
    """How often each letter and digit stands there: what wrapping, columns and markup do not change."""
    return Counter(sign for sign in text if sign.isalnum())


def written(reply: Reply) -> str:
    """All that a reader is to be shown, marks left out."""
    texts = [reply.title]
    for part in reply.parts:
        match part:
            case Words():
                texts += map(plain, part.text.splitlines())
            case Facts():
                texts += [plain(cell) for row in part.rows for cell in row]
            case Table():
                texts += [plain(cell) for row in part.rows for cell in row]
            case Code():
                texts.append(part.text)
            case Buttons():
                texts += map(_label, part.buttons)
    return "\n".join(texts)


def _label(button: Button) -> str:
    return button.label
