"""An incident, its fix and what stands as it stood: drafted and listed in one comment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.sources import call, python
from tests.life.stage import US, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path, {"pay.py": python(), "ship.py": python(), "README.md": "# Shop\n"})
    yield stage
    stage.close()


def last_said(stage: Stage) -> str:
    return [comment.body for comment in stage.pull.comments.values() if comment.user.login == US][-1]


def test_the_fix_gives_the_examples_and_the_head_the_sibling_places(stage: Stage) -> None:
    stage.open({"pay.py": python(call("charge"))})
    brought = stage.pull.number
    stage.merge()
    stage.on_main({"pay.py": python(call("charge"))})
    stage.open({"pay.py": python(call("charge", bound=", timeout=3"))}, title="Bound the charge")
    mended = stage.pull.number
    stage.merge()
    stage.open({"ship.py": python(call("ship"), call("track"))}, title="Ship")
    text = f"2026-11-02 missing timeout: workers waited for ever since acme/shop#{brought}, fixed in #{mended} prove"
    stage.by("erin", "write", lambda erin: erin.comment(stage.pull, f"/seawall incident {text}"))
    said = last_said(stage)
    assert "1 rule example, 2 sibling places" in said
    assert "```toml\nbad = ['''\ndef charge(order):\n    reply = requests.post(order.charge_url)" in said
    assert "good = ['''\ndef charge(order):\n    reply = requests.post(order.charge_url, timeout=3)" in said
    assert "Our own rules already report `missing-timeout`" in said
    assert "`ship.py:5`" in said
    assert "`ship.py:10`" in said
    assert "`pay.py:" not in said


def test_without_a_fix_the_finding_gives_the_bad_example_alone(stage: Stage) -> None:
    stage.open({"pay.py": python(call("charge"))})
    stage.by("erin", "write", lambda erin: erin.comment(stage.pull, "/seawall incident missing timeout: it hung"))
    incident = stage.ledger.incidents(stage.repository.id)[0].id
    stage.by("erin", "write", lambda erin: erin.comment(stage.pull, f"/seawall incident {incident} prove"))
    said = last_said(stage)
    assert "1 rule example, 0 sibling places" in said
    assert "how they were mended is not known" in said
    assert "good = []" in said
    assert "Elsewhere the rules find none of `missing-timeout`" in said


def test_who_may_not_push_may_not_ask(stage: Stage) -> None:
    stage.open({"pay.py": python(call("charge"))})
    stage.by("erin", "write", lambda erin: erin.comment(stage.pull, "/seawall incident missing timeout: it hung"))
    incident = stage.ledger.incidents(stage.repository.id)[0].id
    stage.by("ray", "read", lambda ray: ray.comment(stage.pull, f"/seawall incident {incident} prove"))
    assert "You may not say" in last_said(stage)
