import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from bot.ledger import Ledger
from tests.dashboard.two_teams import Board, a_board, keep_two_teams


@pytest.fixture(scope="session")
def two_teams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a record of two teams' repositories, to copy; beside it, the templates as they are compiled once."""
    path = tmp_path_factory.mktemp("two-teams") / "ledger.sqlite"
    with Ledger(path) as ledger:
        keep_two_teams(ledger)
    return path


@pytest.fixture
def board(tmp_path: Path, two_teams: Path) -> Iterator[Board]:
    """The pages on a record of two teams' repositories."""
    shutil.copy(two_teams, tmp_path / "ledger.sqlite")
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        made = a_board(tmp_path, ledger)
        made.app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(two_teams.parent))
        yield made
