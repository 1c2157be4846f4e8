"""`seawall doctor` on chat systems: one line each, and what to do."""

from pathlib import Path

from tests.cli.conftest import Seawall
from tests.transports.slack_double import TOKEN, slack

SECRET = {"SEAWALL_GITHUB__WEBHOOK_SECRET": "0123456789abcdef0123456789"}


def test_nothing_is_wrong_where_no_chat_system_is_used(seawall: Seawall, tmp_path: Path) -> None:
    answer = seawall("doctor", "--offline", cwd=tmp_path, **SECRET)
    assert answer.code == 0, answer.out
    assert "no chat system" in answer.out


def test_half_a_slack_app_is_told_what_is_missing(seawall: Seawall, tmp_path: Path) -> None:
    answer = seawall("doctor", "--offline", cwd=tmp_path, SEAWALL_CHAT__SLACK_SIGNING_SECRET="x" * 32, **SECRET)
    assert answer.code == 3
    assert "✗ Slack" in answer.out
    assert "SEAWALL_CHAT__SLACK_BOT_TOKEN" in answer.out


def test_slack_is_asked_who_we_are(seawall: Seawall, tmp_path: Path) -> None:
    with slack() as there:
        chat = {
            "SEAWALL_CHAT__SLACK_SIGNING_SECRET": "x" * 32,
            "SEAWALL_CHAT__SLACK_BOT_TOKEN": TOKEN,
            "SEAWALL_CHAT__SLACK_BASE_URL": there.base_url,
        }
        answer = seawall("doctor", cwd=tmp_path, **SECRET, **chat)
    assert "✓ Slack" in answer.out
    assert "knows seawall in Acme" in answer.out
    assert TOKEN not in answer.out + answer.err


def test_a_token_that_slack_does_not_know_is_said_so(seawall: Seawall, tmp_path: Path) -> None:
    with slack() as there:
        chat = {
            "SEAWALL_CHAT__SLACK_SIGNING_SECRET": "x" * 32,
            "SEAWALL_CHAT__SLACK_BOT_TOKEN": "xoxb-another-bot",
            "SEAWALL_CHAT__SLACK_BASE_URL": there.base_url,
        }
        answer = seawall("doctor", cwd=tmp_path, **SECRET, **chat)
    assert answer.code == 3
    assert "invalid_auth" in answer.out
