"""A stand-in, a shop and the service: for each test its own, or the standing ones for who asks nothing else of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.demo.standin import StandIn, courier
from tests.service.harness import PATIENCE_S, Service, Shop
from tests.service.judge import Judge
from tests.service.model import SmallModel

_numbers = count(1)


@contextmanager
def judged() -> Iterator[tuple[StandIn, Judge]]:
    """Every REST request of the service, and every answer, must be one that GitHub describes.

    Its webhooks wait longer for an answer than GitHub's do: on a slow machine none is lost that the service has taken.
    """
    with pytest.MonkeyPatch.context() as patience, StandIn() as host:
        patience.setattr(courier, "TIMEOUT_S", PATIENCE_S)
        judge = Judge(host._wire._host)
        host._wire._host = judge
        yield host, judge
    assert judge.broken == []


@pytest.fixture
def host() -> Iterator[StandIn]:
    with judged() as (host, _):
        yield host


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Its name is its own, for a host that has had others."""
    return Shop(tmp_path / "shop", f"shop-{next(_numbers)}")


@pytest.fixture(scope="session")
def _standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Judge]]:
    folder = tmp_path_factory.mktemp("standing")
    with judged() as (host, judge):
        service = Service(host, folder, GITHUB__WRITES_PER_MINUTE=400, CHAT__COMMANDS_PER_MINUTE=100)
        try:
            service.start()
            yield service, judge
        finally:
            service.kill_all()


@pytest.fixture
def standing(_standing: tuple[Service, Judge]) -> Iterator[Service]:
    """One service for many tests, without a model; `standing.host` is where it works. A start takes longer than most
    tests: who kills nothing, sets nothing and looks at its own repository alone needs none of its own."""
    service, judge = _standing
    assert service.is_alive(), service.log()[-3000:]
    yield service
    service.host.faults.clear()
    broken, judge.broken[:] = list(judge.broken), []
    assert broken == []


@pytest.fixture
def model() -> Iterator[SmallModel]:
    model = SmallModel()
    yield model
    model.close()


@pytest.fixture
def serve(host: StandIn, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts the service with the settings given, as in `serve(LLM__MODEL="openai:small")`."""
    running: list[Service] = []

    def start(**settings: Any) -> Service:
        service = Service(host, tmp_path, **settings)
        running.append(service)
        service.start()
        return service

    yield start
    for service in running:
        service.kill_all()


@pytest.fixture
def serve_with_model(serve: Callable[..., Service], model: SmallModel) -> Callable[..., Service]:
    def start(**settings: Any) -> Service:
        with_model = {
            "LLM__MODEL": "openai:small",
            "LLM__PROFILE": "economy",
            "LLM__BASE_URL": model.url,
            "LLM__API_KEY": "test",
        }
        return serve(**(with_model | settings))

    return start
