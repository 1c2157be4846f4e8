"""A small history with a finding that comes, moves, and is mended; read in this process, so that it is fast."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.backtest.report import Backtest
from bot.backtest.run import Plan, backtest
from bot.settings import load_settings
from bot.syntax.guard import Guard
from tests.source.conftest import ENVIRONMENT, Repository

RULE = "missing-timeout/http-or-socket-call"
DAY = 86400
START = 1_772_000_000


class Here(Guard):
    """Does the tasks in this process: what the rules say is not in question here."""

    closed = 0

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> list[Any]:
        return [function(item) for item in items]

    def stream(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> Iterator[Any]:
        yield from self.map(function, items, progress)

    def close(self) -> None:
        type(self).closed += 1
        super().close()


class Story(Repository):
    """Commits a day apart."""

    days = 0

    def commit(self, title: str = "x") -> str:
        self.days += 1
        at = f"{START + self.days * DAY} +0000"
        ENVIRONMENT.update(GIT_AUTHOR_DATE=at, GIT_COMMITTER_DATE=at)
        try:
            return super().commit(title)
        finally:
            del ENVIRONMENT["GIT_AUTHOR_DATE"], ENVIRONMENT["GIT_COMMITTER_DATE"]

    def tried(self, **plan: Any) -> Backtest:
        return tried(self.root, **plan)


def tried(
    root: Path,
    watch: Callable[..., object] = lambda *told: None,
    variables: Mapping[str, str] | None = None,
    **plan: Any,
) -> Backtest:
    settings = load_settings(variables or {}, trust_here=False)
    return backtest(Plan(root, **plan), settings, Here, lambda: datetime(2026, 8, 1, tzinfo=UTC), watch)


def pay(arguments: str = "url, timeout=3", more: str = "", name: str = "pay") -> str:
    return f"import requests\n\n\ndef {name}(url):\n    return requests.post({arguments})\n{more}"


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in [name for name in os.environ if name.startswith("SEAWALL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """One commit, in which all is well."""
    shop = Story(tmp_path / "shop")
    shop.write("pay.py", pay())
    shop.commit("Pay")
    return shop
