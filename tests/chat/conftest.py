"""The town, and one guarded process for all of its tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.syntax.guard import Guard
from tests.chat.town import Town, settle


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with Guard(processes=1, timeout_s=30) as guard:
        yield guard


@pytest.fixture
def town(tmp_path: Path, guard: Guard) -> Iterator[Town]:
    town = settle(tmp_path, guard)
    yield town
    town.ledger.close()
