"""By policy a review carries fault tests: few, for what is weighty and new, and its receipt tells of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import Finding, ModelText, ModelUse, plain_step
from bot.errors import ModelUnavailable
from bot.review.proving.record import Proved
from bot.review.proving.reviewing import proofs_told, prove_fresh, with_proofs_told
from bot.review.proving.saying import below_finding
from bot.review.proving.writing import proved
from bot.review.reason import answer_to
from bot.review.stages import Desk
from tests.review.builders import a_review
from tests.review.repositories import PYTEST, PYTHON, Writer


def findings(count: int, **more: Any) -> list[Finding]:
    return [PYTHON.finding.model_copy(update={"fingerprint": f"{at:016x}", **more}) for at in range(count)]


class Asked:
    """Answers as the engine's children do, one after the other."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.questions: list[dict[str, Any]] = []

    def __call__(self, questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        self.questions += questions
        return [answer_to(self.desk, question).to_json() for question in questions]


class Scripted:
    name = "openai:scripted"

    def __init__(self, *tests: str | None) -> None:
        self.answer = Writer(*tests)


def desk_with(*tests: str | None, prove: str = "high") -> Desk:
    return replace(PYTHON.desk(prove=prove), model=Scripted(*tests))  # type: ignore[arg-type]


@pytest.mark.parametrize("model", [True, False], ids=["a model", "none"])
def test_unless_policy_says_so_nothing_is_proved(model: bool) -> None:
    desk = desk_with(PYTEST, prove="never") if model else PYTHON.desk()
    ask = Asked(desk)
    assert prove_fresh(desk, findings(1), plain_step, ask) == {}
    assert ask.questions == []


def test_the_two_weightiest_are_proved_and_no_more() -> None:
    desk = desk_with(PYTEST, PYTEST)
    proofs = prove_fresh(desk, findings(5), plain_step, Asked(desk))
    assert list(proofs) == [finding.fingerprint for finding in findings(2)]
    assert all(one.proof is not None for one in proofs.values())


@pytest.mark.parametrize(
    "change",
    [{"severity": "medium"}, {"class_": "security", "kind": "injection"}, {"side": "LEFT"}],
    ids=["not high", "no fault fits", "on a line that is gone"],
)
def test_what_is_not_worth_it_is_not_asked_about(change: dict[str, Any]) -> None:
    desk = desk_with()
    given = [Finding.from_json(finding.to_json() | _renamed(change)) for finding in findings(1)]
    ask = Asked(desk)
    assert prove_fresh(desk, given, plain_step, ask) == {}
    assert ask.questions == []


def test_a_question_holds_no_file() -> None:
    desk = desk_with(PYTEST)
    ask = Asked(desk)
    prove_fresh(desk, findings(1), plain_step, ask)
    assert ask.questions == [{"prompt": "prove", "prove": findings(1)[0].to_json()}]


def test_without_a_model_the_template_is_written_in_a_step_of_its_own() -> None:
    steps: list[str] = []

    def step(name: str, function: Any) -> Any:
        steps.append(name)
        return function()

    proofs = prove_fresh(PYTHON.desk(prove="high"), findings(1), step, Asked(PYTHON.desk()))
    assert steps == ["prove"]
    assert [one.proof is not None for one in proofs.values()] == [True]


def test_a_model_that_is_away_costs_the_test_and_not_the_review() -> None:
    desk = desk_with()

    def away(prompt: str, inputs: Any) -> ModelText:
        raise ModelUnavailable("the model does not answer")

    desk.model.answer = away  # type: ignore[union-attr, method-assign]
    proofs = prove_fresh(desk, findings(1), plain_step, Asked(desk))
    review = with_proofs_told(a_review(*findings(1)), proofs)
    assert review.receipt.notes[-1] == "0 fault tests written for 1 finding: the model does not answer."
    assert review.receipt.coverage == a_review().receipt.coverage
    assert proofs_told(proofs, findings(1), "a" * 40, "github.com") == ({}, ())


def test_the_receipt_counts_what_they_cost() -> None:
    one = Proved(model="m", prompt="prove", prompt_version="1+0", use=ModelUse(input_tokens=7), cost_usd=0.25)
    reviewed = a_review(model="m", cost_usd=1.0, tokens=ModelUse(input_tokens=3), prompt_versions={"review": "3"})
    receipt = with_proofs_told(reviewed, {"a": one, "b": one}).receipt
    assert receipt.tokens.input_tokens == 17
    assert receipt.cost_usd == 1.5
    assert receipt.prompt_versions == {"review": "3", "prove": "1+0"}


def test_a_review_that_proves_nothing_keeps_its_receipt() -> None:
    review = a_review(*findings(1))
    assert with_proofs_told(review, {}) is review


def test_what_the_model_says_beside_a_test_is_filtered() -> None:
    desk = desk_with(PYTEST)
    desk.model.answer = lambda prompt, inputs: ModelText(  # type: ignore[union-attr, method-assign, misc]
        text="@everyone ![x](https://evil.example/x.png) <b>/approve</b>", replacement=PYTEST, model="m", prompt=prompt,
        prompt_version="1",
    )  # fmt: skip
    proofs = prove_fresh(desk, findings(1), plain_step, Asked(desk))
    below, beside = proofs_told(proofs, findings(1), "a" * 40, "github.com")
    (text,) = below.values()
    assert "![" not in text
    assert "<b>" not in text
    assert "`@everyone`" in text
    assert beside == ()


def _renamed(change: dict[str, Any]) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in change.items()}


def test_the_words_say_where_it_goes_and_how_it_is_run() -> None:
    proof = proved(PYTHON.desk(), PYTHON.finding, Writer(PYTEST)).proof
    assert proof is not None
    before, test, after = below_finding(proof, PYTHON.finding, "a" * 40, "github.com").partition(PYTEST.rstrip("\n"))
    assert test
    assert "\n\n`tests/test_pay_hang.py`, run by `pytest tests/test_pay_hang.py`:\n\n```python\n" in before
    assert "\n\nTo add it: `cat > tests/test_pay_hang.py`, paste, Ctrl-D.\n\n<sub>Written by `openai:scripted`" in after
    new = proof.model_copy(update={"has_folder": False})
    assert "`mkdir -p tests && cat > tests/test_pay_hang.py`" in below_finding(
        new, PYTHON.finding, "a" * 40, "github.com"
    )
