"""Measurements, not tests: they run by `make bench` alone, and everywhere else they are not even collected."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bench.figures import Figures
from tests.bench.rig import Rig

FIGURES = pytest.StashKey[Figures]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-bench", action="store_true", help="measure, which takes minutes and wants a quiet machine")
    parser.addoption("--bench-json", type=Path, default=None, help="where to write the figures as JSON")
    parser.addoption("--bench-n", type=int, default=10, help="reviews for each figure")
    parser.addoption("--bench-s", type=float, default=8.0, help="seconds for each number of senders")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    is_asked_for = config.getoption("--run-bench", default=False)
    return None if is_asked_for else True


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures(began_at=time.time())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash.get(FIGURES, None)
    if figures is None or not figures.rows:
        return
    terminalreporter.section("figures")
    terminalreporter.write_line(figures.table())
    path = config.getoption("--bench-json", default=None)
    if path:
        path.write_text(json.dumps(figures.to_json(), indent=2) + "\n")
        terminalreporter.write_line(f"Written to {path}")


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    return request.config.stash[FIGURES]


@pytest.fixture
def n(request: pytest.FixtureRequest) -> int:
    """Reviews for each figure."""
    return int(request.config.getoption("--bench-n"))


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    """Seconds for each number of senders."""
    return float(request.config.getoption("--bench-s"))


@pytest.fixture
def rig(tmp_path: Path) -> Callable[..., Any]:
    """`with rig(with_model=True, GITHUB__TOKEN="…") as running:` starts it all and ends it again."""
    number = iter(range(1000))

    @contextmanager
    def running(with_model: bool, **settings: Any) -> Iterator[Rig]:
        folder = tmp_path / f"{next(number)}"
        folder.mkdir()
        started = Rig(folder, with_model, settings)
        try:
            started.start()
            yield started
        finally:
            started.close()

    return running
