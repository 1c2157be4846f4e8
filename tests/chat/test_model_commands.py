"""What the model is shown, and what becomes of the lines it proposes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import Code
from bot.domain.searching import Hit
from bot.settings import Policy
from tests.chat.people import CODE, FIXED_LINE, PATH, PULL_REQUEST, REPOSITORY, ScriptedModel
from tests.chat.town import Town, text_of


def fix(town: Town, in_thread: bool = True, **says: Any) -> tuple[list[Code], str]:
    values: dict[str, Any] = {"path": PATH, "start_line": 8, "end_line": 8, "replacement": FIXED_LINE}
    town = replace(town, model=ScriptedModel(text="It now gives up after ten seconds.", **(values | says)))
    found = town.say("fix" if in_thread else "fix a1b2c3d", "mona", in_thread)
    assert found.reply.state == "done", text_of(found)
    return [part for part in found.reply.parts if isinstance(part, Code)], text_of(found)


def test_a_fix_that_holds_can_be_committed_in_its_thread(town: Town) -> None:
    (code,), said = fix(town)
    assert (code.text, code.language) == (FIXED_LINE, "suggestion")
    assert "It now gives up after ten seconds." in said


def test_outside_of_its_thread_it_is_code_to_copy(town: Town) -> None:
    (code,), said = fix(town, in_thread=False)
    assert (code.text, code.language) == (FIXED_LINE, "python")
    assert "Line 8 of `src/pay.py` becomes:" in said


def test_on_another_range_than_the_threads_it_is_code_to_copy(town: Town) -> None:
    two = "    amount = order.total\n    response = session.post(URL, json=amount, timeout=10)"
    (code,), _ = fix(town, start_line=7, end_line=8, replacement=two)
    assert code.language == "python"


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ({"replacement": "    response = session.post(URL, json=total,"}, "the file would not parse any more"),
        ({"replacement": "    response = session.post(URL, json=total) "}, "would still be there"),
        ({"replacement": "    response = session.post(URL, json=order.total)"}, "would"),
        ({"path": "src/other.py"}, "for another file"),
        ({"start_line": 1, "end_line": 1, "replacement": "import os"}, "do not stand where the finding does"),
        ({"end_line": 99}, "do not stand where the finding does"),
        ({"replacement": f"    key = 'ghp_{'a' * 36}'"}, "must not be committed"),
        ({"replacement": "/approve"}, "must not be committed"),
        ({"replacement": f"{FIXED_LINE}\n    return response.json()"}, "repeat the line"),
    ],
)
def test_a_fix_that_does_not_hold_is_only_words(town: Town, says: dict[str, Any], why: str) -> None:
    codes, said = fix(town, **says)
    assert codes == []
    assert why in said
    assert "It now gives up after ten seconds." in said


def test_a_fix_of_words_alone_is_words(town: Town) -> None:
    codes, said = fix(town, replacement=None, path="", start_line=None, end_line=None)
    assert codes == []
    assert "not shown" not in said


def test_a_finding_whose_code_is_gone_is_not_explained(town: Town) -> None:
    town.code = CODE.replace("session.post(URL, json=total)", "session.post(URL, json=total, timeout=3)")
    for text in ("fix a1b2c3d", "explain a1b2c3d"):
        found = town.say(text, "mona")
        assert (found.reply.state, found.reply.title) == (
            "refused",
            "The code of this finding is not in the head any more",
        )
    assert town.model is not None
    assert town.model.shown == []


def test_a_finding_that_moved_is_explained_where_it_stands_now(town: Town) -> None:
    town.code = "# a new line\n# and another\n" + CODE
    assert town.say("explain a1b2c3d", "mona").reply.state == "done"
    assert town.model is not None
    ((prompt, inputs),) = town.model.shown
    assert prompt == "explain"
    (line,) = [line for line in inputs["code"].splitlines() if line.lstrip().startswith("10 ")]
    assert "session.post" in line


def test_the_model_is_shown_the_change_and_what_was_found(town: Town) -> None:
    town.say("ask is pay.py safe?", "mona")
    assert town.model is not None
    ((prompt, inputs),) = town.model.shown
    assert (prompt, inputs["question"], inputs["title"]) == ("ask", "is pay.py safe?", PULL_REQUEST.title)
    assert "### src/pay.py" in inputs["code"]
    assert "a1b2c3d open: src/pay.py:8" in inputs["findings"]


def test_every_input_is_one_that_the_prompt_declares(town: Town) -> None:
    from bot.llm import load_prompt

    for text in ("ask why?", "describe", "explain a1b2c3d", "fix a1b2c3d"):
        town.say(text, "mona")
    assert town.model is not None
    assert {prompt for prompt, _ in town.model.shown} == {"ask", "describe", "explain", "fix"}
    for prompt, inputs in town.model.shown:
        assert load_prompt(prompt).render(inputs, "n0nce").user


def test_a_small_budget_shows_less_and_names_the_rest(town: Town) -> None:
    town.settings["llm"] = {"max_input_tokens": 500}
    town.code = CODE + "\n# filler\n" * 2000
    found = town.say("ask why?", "mona")
    assert found.reply.state == "done"
    assert town.model is not None
    inputs = town.model.shown[0][1]
    assert "src/pay.py" in inputs["code"] or inputs["elsewhere"] == PATH


def test_an_answer_says_who_wrote_it_and_that_nobody_checked(town: Town) -> None:
    said = text_of(town.say("describe", "mona"))
    assert "`openai:scripted`" in said
    assert "nobody has checked it" in said
    assert f"`{'a' * 7}`" in said


def test_nothing_is_kept_of_an_answer(town: Town) -> None:
    town.say("describe", "mona")
    assert town.ledger.evidence(REPOSITORY.id, 7) == {}
    assert len(town.ledger.waivers(REPOSITORY.id, "2026-11-22T09:00:00+00:00")) == 1


TEST = """\
import socket
import threading

from src import pay


def test_charge_gives_up(monkeypatch):
    server = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(pay, "URL", f"http://127.0.0.1:{server.getsockname()[1]}", raising=False)
    caller = threading.Thread(target=pay.charge, args=(Order(),), daemon=True)
    caller.start()
    caller.join(timeout=5)
    assert not caller.is_alive()


class Order:
    total = 1
"""


class HeadWithATest:
    """A search of a repository that has one test."""

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> list[Hit]:
        return [Hit("tests/test_pay.py", 1, "from src import pay")]

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        known = {"tests/test_pay.py": b"import pytest\n\nfrom src import pay\n\n\ndef test_pay():\n    assert pay\n"}
        return {path: known[path] for path in paths if path in known}


def prove(town: Town, monkeypatch: pytest.MonkeyPatch, **says: Any) -> tuple[list[Code], str, ScriptedModel]:
    read = Town.reading
    monkeypatch.setattr(Town, "reading", lambda town, where: replace(read(town, where), search=HeadWithATest()))
    model = ScriptedModel(text="Check the order.", **says)
    found = replace(town, model=model).say("prove", "mona", in_thread=True)
    assert found.reply.state == "done", text_of(found)
    return [part for part in found.reply.parts if isinstance(part, Code)], text_of(found), model


def test_a_proof_is_shown_whole_with_its_path_and_how_to_add_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,), said, model = prove(town, monkeypatch, replacement=TEST)
    assert (code.text, code.language) == (TEST.rstrip("\n"), "python")
    assert "`tests/test_pay_hang.py`" in said
    assert "paste, Ctrl-D" in said
    assert "Check the order." in said
    assert "Seawall runs no code" in said
    assert [prompt for prompt, _ in model.shown] == ["prove"]


def test_a_proof_that_may_not_be_is_words_and_the_reason(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    codes, said, model = prove(town, monkeypatch, replacement=TEST.replace("assert not caller", "print"))
    assert codes == []
    assert "refused twice" in said
    assert [bool(inputs["refused"]) for _, inputs in model.shown] == [False, True]


def test_policy_keeps_code_from_the_model_of_a_proof_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.policies.policy = Policy(llm=False)
    codes, said, model = prove(town, monkeypatch, replacement=TEST)
    assert (codes, model.shown) == ([], [])
    assert "no model is asked" in said
