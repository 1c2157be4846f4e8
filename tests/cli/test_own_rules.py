"""A team's own rules at the terminal: tried, listed, explained, and run in a scan."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import seawall
from bot.errors import NotFound, SeawallError
from tests.review.lives import InProcess
from tests.rules.test_teams import RULE


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("bot.review.desks", "bot.cli.scan"):
        monkeypatch.setattr(f"{module}.guard_of", lambda *_: nullcontext(InProcess()))
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(seawall, arguments, **options)


def test_rules_that_pass_their_examples_leave_with_0() -> None:
    write(".github/seawall/rules/old-gateway.toml", RULE)
    told = run("rules", "test")
    assert told.exit_code == 0
    assert [word for word in ("own/old-gateway", "1/1", "passes") if word not in told.output] == []


@pytest.mark.parametrize("where", [".", ".github/seawall/rules", ".github/seawall/rules/old-gateway.toml"])
def test_a_rule_that_fails_an_example_leaves_with_1(where: str) -> None:
    write(".github/seawall/rules/old-gateway.toml", RULE.replace('bad = "legacy', 'bad = "modern'))
    told = run("rules", "test", where)
    assert told.exit_code == 1
    assert "old-gateway.toml: bad example 1 (python) raises nothing." in told.output


def test_a_file_that_is_no_rule_leaves_with_2() -> None:
    write("seawall/rules/a.toml", RULE)
    write("seawall/rules/b.toml", "severty = 1")
    told = run("rules", "test")
    assert told.exit_code == 2
    assert "seawall/rules/b.toml: " in told.output
    assert "own/a" in told.output


def test_where_there_are_none_it_says_where_to_put_one() -> None:
    told = run("rules", "test")
    assert isinstance(told.exception, SeawallError)
    assert told.exception.exit_code == 2
    assert ".github/seawall/rules/NAME.toml" in str(told.exception)


def test_own_rules_are_listed_and_explained_with_ours() -> None:
    write(".github/seawall/rules/old-gateway.toml", RULE.replace("deadline", "dead\u202eline"))
    assert "own/old-gateway" in run("rules").output
    page = run("explain", "own/old-gateway").output
    assert "gateway.send(order, timeout=2)" in page
    assert "\u202e" not in page, "what acts on a terminal is shown, not done"
    unknown = run("explain", "own/old-gatway").exception
    assert isinstance(unknown, NotFound)
    assert "did you mean own/old-gateway?" in str(unknown)


def test_a_scan_runs_them_from_the_working_tree_and_names_what_is_wrong() -> None:
    write(".github/seawall/rules/old-gateway.toml", RULE)
    write(".github/seawall/rules/broken.toml", "x =")
    write("ruff.toml", 'lint.select = ["B"]')
    write("pay.py", "def pay(order, seen=[]):\n    seen.append(order)\n    legacy.send(order)\n")
    told = run("scan", ".", "--format", "json")
    assert '"rule": "own/old-gateway"' in told.output
    assert "broken.toml is not valid TOML" in told.output
    assert '"mutable-default' not in told.output.split('"receipt"')[0]
    assert "Left to this repository's own linters: " in told.output
    assert "mutable-default/mutable-default-arg (ruff B006)" in told.output
    write(".github/seawall.toml", 'linters = "ignore"\nrules_off = ["own"]\n')
    again = run("scan", ".", "--format", "json").output
    assert '"rule": "mutable-default/mutable-default-arg"' in again
    assert '"rule": "own/old-gateway"' not in again


@pytest.mark.parametrize("format_", ["text", "markdown", "sarif", "github"])
def test_every_format_shows_a_finding_of_an_own_rule(format_: str) -> None:
    write(".github/seawall/rules/old-gateway.toml", RULE)
    write("pay.py", "def pay(order):\n    legacy.send(order)\n")
    told = run("scan", ".", "--format", format_)
    assert told.exit_code == 0
    assert "own/old-gateway" in told.output


def test_thresholds_of_a_path_hold_in_a_scan() -> None:
    write("a/pay.py", "import requests\nrequests.get(url)\n")
    write("b/pay.py", "import requests\nrequests.get(url)\n")
    write(".github/seawall.toml", '[[paths]]\nmatch = "a/"\nmin_severity = "critical"\n')
    told = run("scan", ".", "--format", "json").output
    assert '"path": "b/pay.py"' in told
    assert '"path": "a/pay.py"' not in told
