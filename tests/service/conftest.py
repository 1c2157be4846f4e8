"""A stand-in, a shop and the service, for each test its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.standin import StandIn
from tests.service.harness import Service, Shop
from tests.service.judge import Judge
from tests.service.model import SmallModel


@pytest.fixture
def host() -> Iterator[StandIn]:
    """Every REST request of the service, and every answer, must be one that GitHub describes."""
    with StandIn() as host:
        judge = Judge(host._wire._host)
        host._wire._host = judge
        yield host
    assert judge.broken == []


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


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
        with_model = {"LLM__MODEL": "openai:small", "LLM__BASE_URL": model.url, "LLM__API_KEY": "test"}
        return serve(**(with_model | settings))

    return start
