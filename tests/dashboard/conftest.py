from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ledger import Ledger
from tests.dashboard.two_teams import Board, a_board, keep_two_teams


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    """The pages on a record of two teams' repositories."""
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        keep_two_teams(ledger)
        yield a_board(tmp_path, ledger)
