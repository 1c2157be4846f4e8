"""A fault test on request and by policy, from the webhook to what stands on the pull request."""

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.demo.standin.records import ReviewComment
from bot.domain import ModelText
from tests.life.stage import US, Stage
from tests.review.lives import Scripted
from tests.review.repositories import PYTEST

BASE = {"shop/__init__.py": "", "shop/pay.py": "import requests\n", "pyproject.toml": '[project]\nname = "shop"\n'}
PAY = "import requests\n\n\ndef charge(order_url: str):\n    return requests.post(order_url)\n"
CART = "from shop import cart\n\n\ndef test_total():\n    assert cart.total([1]) == 1\n"
TOLD = "def test_charge_gives_up_on_a_server_that_never_answers(monkeypatch):"
LONG = CART + "\n\n" + "\n".join(f"LINE_{number} = {number}" for number in range(20)) + "\n"
"""Its end is far from its test."""
Set = Callable[..., Stage]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Set]:
    stages: list[Stage] = []

    def begin(**policy: Any) -> Stage:
        stages.append(Stage(tmp_path, BASE, **policy))
        return stages[-1]

    yield begin
    for stage in stages:
        stage.close()


def bodies(stage: Stage) -> list[str]:
    return [comment.body for comment in stage.pull.review_comments.values() if comment.user.login == US]


def on_tests(stage: Stage) -> ReviewComment:
    (found,) = (comment for comment in stage.pull.review_comments.values() if comment.path == "tests/test_cart.py")
    return found


def test_whoever_asks_in_the_thread_gets_the_whole_file_there(scene: Set) -> None:
    stage = scene()
    stage.on_main({"tests/test_cart.py": LONG})
    stage.open({"shop/pay.py": PAY, "tests/test_cart.py": LONG.replace("[1]", "[1, 0]")})
    (said,) = bodies(stage)
    assert TOLD not in said
    stage.by("erin", "write", lambda erin: erin.reply(stage.pull, stage.thread("order_url"), "/seawall prove"))
    answer = bodies(stage)[-1]
    assert "A fault test for: 'requests.post' can wait for ever" in answer
    assert "`tests/test_pay_hang.py`" in answer
    assert "```python\n" in answer
    assert TOLD in answer
    assert "`cat > tests/test_pay_hang.py`" in answer
    assert "`pytest tests/test_pay_hang.py`" in answer


def test_where_the_diff_shows_the_end_of_a_test_file_the_answer_is_a_suggestion_on_it(scene: Set) -> None:
    stage = scene()
    stage.open({"shop/pay.py": PAY, "tests/test_cart.py": CART})
    stage.by("erin", "write", lambda erin: erin.reply(stage.pull, stage.thread("order_url"), "/seawall prove"))
    suggested = on_tests(stage)
    assert "```suggestion\n" in suggested.body
    assert TOLD in suggested.body
    answer = next(body for body in bodies(stage) if "in a review of its own" in body)
    assert "as a suggestion at the end of `tests/test_cart.py`" in answer
    assert TOLD not in answer


def test_by_policy_the_review_carries_the_test_where_it_can_be_committed(scene: Set) -> None:
    stage = scene(prove="high")
    stage.open({"shop/pay.py": PAY, "tests/test_cart.py": CART})
    suggested = on_tests(stage)
    assert suggested.line == 5
    assert "```suggestion\n    assert cart.total([1]) == 1\n\n\nimport socket" in suggested.body
    assert TOLD in suggested.body
    (said,) = [body for body in bodies(stage) if body != suggested.body]
    assert TOLD not in said
    receipt = stage.ledger.receipt_for_head(stage.repository.id, stage.pull.head_sha, "main")
    assert receipt is not None
    assert "1 fault test written for 1 finding." in receipt.notes
    stage.by("dana", "write", lambda dana: dana.commit_suggestion(stage.pull, suggested.id))
    committed = stage.git("show", f"{stage.pull.head_sha}:tests/test_cart.py")
    assert committed.startswith(CART.rstrip())
    names = [part.name for part in ast.parse(committed).body if isinstance(part, ast.FunctionDef)]
    assert names == ["test_total", "test_charge_gives_up_on_a_server_that_never_answers"]


def test_by_policy_a_test_whose_place_the_diff_does_not_show_stands_below_its_finding(scene: Set) -> None:
    stage = scene(prove="high")
    stage.on_main({"tests/test_cart.py": LONG})
    stage.open({"shop/pay.py": PAY, "tests/test_cart.py": LONG.replace("[1]", "[1, 0]")})
    (said,) = bodies(stage)
    assert said.startswith("🟧 **`requests.post` can wait for ever**")
    assert "<details><summary>A fault test that shows it: a dependency that hangs</summary>" in said
    assert TOLD in said


def test_unless_policy_says_so_no_review_proves_anything(scene: Set) -> None:
    stage = scene()
    stage.open({"shop/pay.py": PAY, "tests/test_cart.py": CART})
    assert not any(TOLD in body for body in bodies(stage))


class Writes(Scripted):
    """Finds nothing, and writes the test it is told to."""

    def __init__(self) -> None:
        super().__init__(lambda code: ())
        self.asked: list[str] = []

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        self.asked.append(prompt)
        test = PYTEST.replace('pay.charge("1")', 'pay.charge(f"http://127.0.0.1:{server.getsockname()[1]}/")')
        return ModelText(text="Check it.", replacement=test, model=self.name, prompt=prompt, prompt_version="1+0")


def test_with_a_model_the_same_goes_through_its_queue_and_is_asked_once(tmp_path: Path) -> None:
    model = Writes()
    stage = Stage(tmp_path, BASE, model, prove="high")  # type: ignore[arg-type]
    try:
        stage.open({"shop/pay.py": PAY, "tests/test_cart.py": CART})
        assert "caller.join(timeout=5)" in on_tests(stage).body
        assert model.asked == ["prove"]
        receipt = stage.ledger.receipt_for_head(stage.repository.id, stage.pull.head_sha, "main")
        assert receipt is not None
        assert receipt.prompt_versions["prove"] == "1+0"
    finally:
        stage.close()
