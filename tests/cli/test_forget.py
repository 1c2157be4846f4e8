"""`seawall forget` and what lies beside the record."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.record import forget
from bot.domain import Repository
from bot.ledger import Ledger


def test_the_copy_of_a_forgotten_repository_is_removed_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.keep_repository(Repository(id=41, owner="acme", name="shop"))
        ledger.keep_repository(Repository(id=42, owner="acme", name="till"))
    for known in ("41", "42"):
        (tmp_path / "mirrors" / f"{known}.git").mkdir(parents=True)
    for stopped in (["acme/shop", "--user", "mona"], [], ["acme/shop"]):
        assert CliRunner().invoke(forget, stopped, input="n\n").exit_code != 0
    assert len(list((tmp_path / "mirrors").glob("*.git"))) == 2
    ran = CliRunner().invoke(forget, ["acme/shop", "--yes"], catch_exceptions=False)
    assert ran.exit_code == 0
    assert [place.name for place in (tmp_path / "mirrors").glob("*.git")] == ["42.git"]
