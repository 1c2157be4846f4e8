"""What a model answers is held against the code before anybody reads it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import Code, Evidence, Incident, ModelText
from bot.errors import ModelUnavailable
from tests.chat.people import FIXED_LINE, PATH, POINT, REPOSITORY, ScriptedModel
from tests.chat.town import Town, text_of

LINES = {"path": PATH, "start_line": 8, "end_line": 8}


class InTurn(ScriptedModel):
    """Says one after the other; the last one for ever. None: the model is away."""

    def __init__(self, *answers: dict[str, Any] | None) -> None:
        super().__init__()
        self.answers = list(answers)

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        says = self.answers[min(len(self.shown), len(self.answers) - 1)]
        if says is None:
            raise ModelUnavailable("429")
        self.says = {"text": "It waits."} | says
        return super().answer(prompt, inputs)


def ask(town: Town, text: str, *answers: dict[str, Any] | None) -> tuple[str, InTurn, list[Code]]:
    model = InTurn(*answers)
    found = replace(town, model=model).say(text, "mona", in_thread=text in ("explain", "fix"))
    assert found.reply.state == "done", text_of(found)
    return text_of(found), model, [part for part in found.reply.parts if isinstance(part, Code)]


@pytest.mark.parametrize("text", ["ask is it safe?", "describe", "explain"])
def test_an_answer_that_names_what_is_not_there_is_sent_back_with_the_reason(town: Town, text: str) -> None:
    said, model, _ = ask(town, text, {"text": "`charge_all` waits (`src/other.py:3`)."}, {"text": "`charge` waits."})
    assert "`charge` waits." in said
    assert "charge_all" not in said
    assert [bool(inputs["rejected"]) for _, inputs in model.shown] == [False, True]
    assert "charge_all, src/other.py:3" in model.shown[1][1]["rejected"]


def test_what_is_wrong_after_that_is_said_beside_it(town: Town) -> None:
    said, model, _ = ask(town, "ask is it safe?", {"text": "`charge_all` waits."})
    assert len(model.shown) == 2
    assert "Not found in the code: `charge_all`. Read that part with doubt." in said


def test_where_the_model_is_away_for_the_second_time_the_first_answer_is_told_with_its_fault(town: Town) -> None:
    said, _, _ = ask(town, "ask is it safe?", {"text": "`charge_all` waits."}, None)
    assert "Not found in the code: `charge_all`." in said


def test_an_answer_that_names_what_is_there_is_asked_for_once(town: Town) -> None:
    said, model, _ = ask(town, "ask is it safe?", {"text": "`session.post` in `src/pay.py:8` waits for ever."})
    assert len(model.shown) == 1
    assert "Not found" not in said


@pytest.mark.parametrize(
    ("replacement", "why"),
    [
        ("    response = post_with_retries(URL, total)", "they use `post_with_retries`"),
        ("    response = session.post(URL, json=total,", "the file would not parse any more"),
        ("    response = session.post(URL, json=total) ", "the finding would still be there"),
    ],
)
def test_lines_that_do_not_hold_are_sent_back_and_better_ones_taken(town: Town, replacement: str, why: str) -> None:
    wrong, right = {**LINES, "replacement": replacement}, {**LINES, "replacement": FIXED_LINE}
    said, model, codes = ask(town, "fix", wrong, right)
    assert why in model.shown[1][1]["rejected"]
    assert replacement.strip() in model.shown[1][1]["rejected"]
    assert [code.text for code in codes] == [FIXED_LINE]
    assert "not shown" not in said


def test_a_fix_that_uses_a_name_nobody_knows_is_never_shown_as_lines(town: Town) -> None:
    said, _, codes = ask(town, "fix", {**LINES, "replacement": "    response = post_with_retries(URL, total)"})
    assert codes == []
    assert "they use `post_with_retries`, which this file neither defines nor imports" in said


def test_what_people_said_and_what_broke_is_told_with_a_finding(town: Town) -> None:
    reply = Evidence(
        kind="reply", says="disputed", actor="octocat", detail="The gateway bounds it", at="2026-11-20T10:00:00+00:00"
    )
    town.ledger.keep_evidence(REPOSITORY.id, 7, POINT.fingerprint, reply)
    broke = Incident.model_validate({
        "id": "i-1111111", "repository_id": REPOSITORY.id, "title": "Workers hung on the bank", "paths": (PATH,),
        "class": "missing-timeout", "author": "mona", "at": "2026-11-01T09:00:00+00:00",
    })  # fmt: skip
    town.ledger.keep_incident(broke)
    for text in ("explain", "fix"):
        _, model, _ = ask(town, text, {})
        inputs = model.shown[0][1]
        assert inputs["thread"] == "octocat objects: The gateway bounds it"
        assert "Workers hung on the bank" in inputs["about"]
        assert "\n### Python\n" in inputs["rule"]
        assert "### Go" not in inputs["rule"]
        assert "silence" not in inputs["rule"]


def test_the_finding_is_told_with_the_lines_where_it_stands_now(town: Town) -> None:
    town.code = "# a new line\n" + town.code
    _, model, _ = ask(town, "explain", {})
    assert "src/pay.py, lines 9 to 9" in model.shown[0][1]["finding"]


def test_a_question_is_answered_with_what_the_repository_holds_dear(town: Town) -> None:
    _, model, _ = ask(town, "ask is it safe?", {})
    assert "The gateway enforces two seconds." in model.shown[0][1]["guidelines"]
