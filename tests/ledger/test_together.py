"""What is written together is one transaction: all of it, or nothing."""

from pathlib import Path

import pytest

from bot.domain import Repository
from bot.ledger import Ledger


def a_repository(number: int) -> Repository:
    return Repository(id=number, owner="acme", name=f"shop-{number}")


def names(path: Path) -> list[str]:
    """As another connection sees them."""
    with Ledger(path) as other:
        return [repository.name for repository in other.known_repositories()]


def test_it_is_seen_by_others_once_all_of_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        with ledger.together():
            ledger.keep_repository(a_repository(1))
            ledger.keep_repository(a_repository(2))
            assert len(ledger.known_repositories()) == 2
            assert names(path) == []
        assert names(path) == ["shop-1", "shop-2"]


def test_nothing_of_it_stays_where_it_breaks_off(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        with pytest.raises(KeyError), ledger.together():
            _keep_and_break_off(ledger)
        assert ledger.known_repositories() == []
        ledger.keep_repository(a_repository(2))
        assert names(tmp_path / "ledger.sqlite") == ["shop-2"]


def _keep_and_break_off(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository(1))
    raise KeyError
