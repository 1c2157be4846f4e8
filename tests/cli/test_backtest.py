"""`seawall backtest`, as a user runs it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.backtest import backtest
from bot.errors import SeawallError
from tests.backtest.made_up import report
from tests.cli.conftest import Seawall, git


@pytest.fixture
def clone(repository: Path) -> Path:
    """The repository of the other tests, with the lost timeout committed."""
    git(repository, "commit", "-q", "-a", "-m", "Pay at leisure")
    return repository


def test_a_clone_is_tried_and_the_result_is_shown(seawall: Seawall, clone: Path, tmp_path: Path) -> None:
    shown = seawall("backtest", clone, "--fixes", cwd=tmp_path)
    assert shown.code == 0, shown.err
    assert "shop: " in shown.out
    assert "pay.py:5" in shown.out
    assert "still there" in shown.out
    assert shown.err == ""


def test_here_and_now_is_the_default_and_the_result_is_written_where_it_is_wanted(
    seawall: Seawall, clone: Path
) -> None:
    answer = seawall("backtest", "--format", "json", "--output", "tried.json", cwd=clone)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith("Wrote tried.json: ")
    tried = json.loads((clone / "tried.json").read_text())
    assert tried["taken"] == "commits"
    assert {said["finding"]["path"] for said in tried["said"]} == {"pay.py"}
    assert tried["took"]["cpu_s"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("--last", "0"), 2, "--last"),
        (("--format", "pdf"), 2, "html"),
        (("--head", "nowhere"), 3, "nowhere"),
        (("--merges",), 3, "no merge commit"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    clone: Path, arguments: tuple[str, ...], code: int, word: str
) -> None:
    answer = CliRunner().invoke(backtest, [str(clone), *arguments])
    assert (answer.exception.exit_code if isinstance(answer.exception, SeawallError) else answer.exit_code) == code
    assert word in f"{answer.output} {answer.exception}"


def test_a_run_that_was_interrupted_shows_what_it_has_and_says_so_by_its_code(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.backtest.run", lambda *plan: report(is_interrupted=True))
    answer = CliRunner().invoke(backtest, [str(clone)])
    assert answer.exit_code == 130
    assert "Interrupted" in answer.stdout
