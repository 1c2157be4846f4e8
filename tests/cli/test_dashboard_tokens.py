"""`seawall dashboard token`: shown once, listed without what opens, taken back at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import seawall
from bot.dashboard.keys import digest_of
from bot.domain import Repository
from bot.errors import NotFound, UsageError
from bot.ledger import Ledger

LATER = "2100-01-01"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.keep_repository(Repository(id=42, owner="acme", name="shop"))
        yield ledger


def run(*arguments: str) -> Result:
    return CliRunner().invoke(seawall, ("dashboard", "token", *arguments), catch_exceptions=False)


def test_a_token_goes_to_the_output_alone_and_into_the_ledger_as_a_digest(ledger: Ledger) -> None:
    made = run("create", "grafana", "--repo", "ACME/shop", "--days", "7")
    token = made.stdout.strip()
    assert token.startswith("swl_")
    assert token not in made.stderr
    row = ledger.api_token(digest_of(token), "2000-01-01")
    assert row is not None
    assert (row["name"], row["repository_ids"]) == ("grafana", [42])
    assert ledger.api_token(digest_of(token), LATER) is None
    assert token not in run("list").output


def test_a_token_for_everything_is_one_only_where_that_is_said(ledger: Ledger) -> None:
    run("create", "all of it", "--all")
    assert ledger.api_tokens()[0]["repository_ids"] is None
    for wrong in ((), ("--all", "--repo", "acme/shop")):
        with pytest.raises(UsageError):
            run("create", "unsaid", *wrong)
    with pytest.raises(NotFound):
        run("create", "misspelt", "--repo", "acme/shopp")
    assert run("create", "for ever", "--all", "--days", "9999").exit_code == 2
    assert len(ledger.api_tokens()) == 1


def test_a_name_is_taken_as_long_as_its_token_is_good(ledger: Ledger) -> None:
    run("create", "grafana", "--all")
    with pytest.raises(UsageError, match=r"A token called grafana is there already\. .* revoke"):
        run("create", "grafana", "--repo", "acme/shop")
    (row,) = ledger.api_tokens()
    run("revoke", row["id"])
    assert run("create", "grafana", "--all").exit_code == 0
    assert len(ledger.api_tokens()) == 2


def test_tokens_are_listed_with_their_state_and_taken_back_by_their_id(ledger: Ledger) -> None:
    assert "There is no token." in run("list").output
    run("create", "grafana", "--repo", "acme/shop")
    row = ledger.api_tokens()[0]
    listed = run("list").output
    for words in (row["id"], "grafana", "acme/shop", "never", f"to {row['expires_at'][:10]}"):
        assert words in listed
    run("revoke", row["id"])
    assert "revoked" in run("list").output
    with pytest.raises(NotFound):
        run("revoke", row["id"])
    with pytest.raises(NotFound):
        run("revoke", "t-nobody")
