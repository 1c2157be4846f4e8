"""Drafted rules at the terminal: listed, printed, and none of them applied."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import seawall
from bot.errors import NotFound
from bot.ledger import Ledger
from tests.ledger.records import a_pull_request
from tests.ledger.talk import a_rule_draft


@pytest.fixture(autouse=True)
def _record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.keep_pull_request(a_pull_request())
        ledger.keep_rule_draft(a_rule_draft())
        ledger.keep_rule_draft(a_rule_draft(id="d-fffffff", name="", toml="", why_not="it finds 40 other places"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(seawall, ["rules", *arguments])


def test_those_that_proved_themselves_are_listed() -> None:
    told = run("drafts").output
    assert "d-0a1b2c3  2026-11-20  acme/checkout#12  own/read-then-write" in told
    assert "A balance is read and written apart · finds 1 other place in 12 files" in told
    assert "d-fffffff" not in told
    assert "None is applied." in told


def test_those_that_failed_are_listed_with_the_reason_on_request() -> None:
    assert "nothing came of it: it finds 40 other places" in run("drafts", "--all").output


def test_as_json_they_are_what_is_on_record() -> None:
    (draft,) = json.loads(run("drafts", "--format", "json").output)
    assert draft == a_rule_draft().to_json()


@pytest.mark.parametrize("name", ["d-0a1b2c3", "D-0A1B2C3", "read-then-write", "own/read-then-write"])
def test_one_is_printed_as_the_file_to_adopt_it_by(name: str) -> None:
    told = run("draft", name)
    assert told.exit_code == 0
    assert told.stdout == 'title = "A balance is read and written apart"'
    assert ".github/seawall/rules/read-then-write.toml" in told.stderr
    assert not Path(".github").exists()


@pytest.mark.parametrize(
    ("name", "why"), [("d-fffffff", "it finds 40 other places"), ("d-0a1b2c4", "did you mean"), ("x", "lists them")]
)
def test_one_that_is_not_there_is_said(name: str, why: str) -> None:
    told = run("draft", name)
    assert isinstance(told.exception, NotFound)
    assert why in str(told.exception).lower() or why in str(told.exception)


def test_another_repository_has_none() -> None:
    assert isinstance(run("drafts", "--repo", "acme/other").exception, NotFound)
