"""`seawall chat`: the same commands at the terminal."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import seawall as command
from bot.domain import PolicyTexts, PullRequest, Repository
from bot.ledger import Ledger
from tests.cli.conftest import Seawall


@pytest.mark.parametrize(
    ("said", "code", "shows"),
    [
        ("stats 7d", 0, "All repositories in 7 days"),
        ("rules", 0, "http-or-socket-call"),
        ("statuss", 2, "Did you mean status?"),
        ("mute", 2, "mute <rule>"),
        ("status acme/unknown", 3, "acme/unknown is not served by Seawall"),
    ],
)
def test_what_is_said_is_answered_and_the_exit_code_tells_how(
    said: str, code: int, shows: str, seawall: Seawall, tmp_path: Path
) -> None:
    answer = seawall("chat", *said.split(), cwd=tmp_path)
    assert (answer.code, answer.err) == (code, "")
    assert shows in answer.out


def test_a_conversation_goes_on_until_exit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    talked = CliRunner().invoke(command, ["chat"], input="whoami\n\nweakly\nexit\nwhoami\n", catch_exceptions=False)
    assert talked.exit_code == 0
    assert talked.output.count("You are") == 1
    assert "Did you mean weekly?" in talked.output
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert sorted(row["name"] for row in ledger.recent_commands(None)) == ["", "whoami"]


def test_what_changes_the_record_is_kept_with_the_name_of_who_said_it(tmp_path: Path, seawall: Seawall) -> None:
    repository = Repository(id=1, owner="acme", name="shop")
    with Ledger(tmp_path / "data" / "ledger.sqlite") as ledger:
        ledger.keep_repository(repository)
    answer = seawall(
        "chat", "mute log-hygiene acme/shop for 7d we log for auditors", cwd=tmp_path, SEAWALL_GITHUB__TOKEN="t"
    )
    assert answer.code in (0, 2, 3), answer
    with Ledger(tmp_path / "data" / "ledger.sqlite") as ledger:
        (row,) = ledger.recent_commands(None)
        assert row["name"] == "mute"
        assert (row["state"] == "done") == (answer.code == 0)


def test_a_review_that_is_asked_for_waits_for_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command stands in the engine's queue, to be carried out there; nothing else of it is done here."""
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    pull_request = PullRequest(
        repository=Repository(id=1, owner="acme", name="shop"),
        number=7,
        base_ref="main",
        base_sha="b" * 40,
        head_ref="topic",
        head_sha="a" * 40,
    )
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.keep_pull_request(pull_request)
    monkeypatch.setattr("bot.chat.host.HostPullRequests.of", lambda *_: pull_request)
    monkeypatch.setattr("bot.chat.host.HostPolicies._texts", lambda *_: PolicyTexts())
    said = CliRunner().invoke(command, ["chat", "review acme/shop#7"], catch_exceptions=False)
    assert "on its way" in said.output
    with sqlite3.connect(tmp_path / "engine.sqlite") as engine:
        queued = engine.execute("SELECT name, queue_name, status FROM workflow_status").fetchall()
    assert queued == [("command", "chat", "ENQUEUED")]
