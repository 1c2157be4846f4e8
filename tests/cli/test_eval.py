"""`seawall eval`, as a user runs it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.eval import evaluate
from bot.errors import SeawallError
from tests.backtest.conftest import Here
from tests.cli.conftest import HEAD, Seawall, git

CASES = Path(__file__).parents[1] / "evals"


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in this process needs no guarded ones: what the rules say is not in question here."""
    monkeypatch.setattr("bot.cli.eval.guard_of", lambda *_, **__: Here(1))
    monkeypatch.setattr("bot.cli.eval.Guard", Here)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A lost timeout, which the rules know, and a change with nothing wrong."""
    folder = tmp_path / "cases"
    for name in ("refund-retry", "refund-retry-right"):
        shutil.copytree(CASES / name, folder / name)
    lost = folder / "lost-timeout"
    (lost / "before").mkdir(parents=True)
    (lost / "after").mkdir()
    (lost / "before/pay.py").write_text("import requests\n")
    (lost / "after/pay.py").write_text(HEAD)
    (lost / "case.toml").write_text(
        'title = "Pay"\ncomplete = true\n[[expected]]\nwhy = "It hangs."\npath = "pay.py"\n'
        'quote = "requests.post(url)"\nclasses = ["missing-timeout"]\n'
    )
    return folder


def test_the_rules_are_run_over_a_folder_of_cases(seawall: Seawall, cases: Path, tmp_path: Path) -> None:
    shown = seawall("eval", cases, "--rules-only", cwd=tmp_path)
    assert (shown.code, shown.err) == (0, "")
    assert "1 of 2 defects found, 0 false alarms, in 3 cases." in " ".join(shown.out.split())
    assert "✓ lost-timeout" in shown.out
    assert "What it costs" not in shown.out


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("--only", "lost-timeout", "--min-recall", "0.9", "--min-precision", "1"), 0, "1 of 1 defect found"),
        (("--min-recall", "0.9"), 1, "1 of 2 defects found"),
        (("--only", "lost-timeouts"), 2, "did you mean lost-timeout"),
        (("--profile", "cheap"), 2, "economy"),
        (("--from-history", "5", "--into", "x"), 3, "not a git repository"),
    ],
)
def test_how_it_ends_is_told_by_its_code(cases: Path, arguments: tuple[str, ...], code: int, word: str) -> None:
    answer = CliRunner().invoke(evaluate, [str(cases), "--rules-only", *arguments])
    ended = answer.exception.exit_code if isinstance(answer.exception, SeawallError) else answer.exit_code
    assert word in " ".join(f"{answer.output} {answer.exception}".split())
    assert ended == code


def test_without_a_model_it_says_so_and_goes_on_by_rules(cases: Path, tmp_path: Path) -> None:
    written = tmp_path / "told.json"
    answer = CliRunner().invoke(evaluate, [str(cases), "--format", "json", "--output", str(written)])
    assert answer.exit_code == 0, answer.output
    assert "No model is configured" in answer.output
    told = json.loads(written.read_text())
    assert told["figures"][0]["reviewer"]["profile"] == "rules-only"
    assert told["figures"][0]["recall"]["hits"] == 1


def test_cases_are_made_of_a_clones_past(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-q", "-a", "-m", "Pay at leisure")
    (repository / "pay.py").write_text(
        HEAD.replace("(url)\n", "(url, timeout=9)\n").replace("pay(url, timeout=9)", "pay(url)")
    )
    git(repository, "commit", "-q", "-a", "-m", "Fix payments that hang")
    into = tmp_path / "made"
    answer = CliRunner().invoke(evaluate, [str(repository), "--from-history", "9", "--into", str(into)])
    assert answer.exit_code == 0, answer.output
    assert "Fixes traced: 1. 1 case written to" in answer.output
    assert [path.name for path in into.glob("*/fix.diff")] == ["fix.diff"]
