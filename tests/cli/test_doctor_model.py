"""`seawall doctor` on models: who answers, what is spent, whose breaker is open. In-process, against real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.doctor_model import model, spending
from bot.domain import ModelCall, Occasion
from bot.ledger import Ledger
from bot.review.spending import account_of
from bot.settings import Settings, load_settings
from tests.llm.conftest import Endpoint


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


def settings(folder: Path, endpoint: Endpoint, **llm: object) -> Settings:
    values = {"model": "openai:first", "base_url": endpoint.url, "api_key": "k", "attempts": 1, **llm}
    return load_settings({}, data_dir=str(folder), llm=values)


def test_each_model_of_the_chain_is_asked_by_itself(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.plays(endpoint.answers([]), endpoint.fails(401, "no such key"))
    lines = list(model(settings(tmp_path, endpoint, fallback_model="openai:second")))
    assert [request["model"] for request in endpoint.requests] == ["first", "second"]
    assert [(line.part, line.is_well) for line in lines] == [
        ("model", True),
        ("stand-in", False),
        ("model's cost", True),
    ]
    assert "openai:first answers in" in lines[0].says
    assert "SEAWALL_LLM__API_KEY" in lines[1].says


def test_without_a_model_one_is_advised(tmp_path: Path, endpoint: Endpoint) -> None:
    (line,) = model(settings(tmp_path, endpoint, model=""))
    assert line.is_well is None
    assert list(spending(settings(tmp_path, endpoint, model=""))) == []


def test_what_is_spent_is_told_beside_the_caps(tmp_path: Path, endpoint: Endpoint) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    call = ModelCall(id="c", model="m", prompt="p", prompt_version="1", outcome="answered", at=at, cost_usd=1.5)
    with Ledger(settings(tmp_path, endpoint).ledger_path) as ledger:
        account_of(ledger).keep(call, Occasion())
    (line,) = spending(settings(tmp_path, endpoint, review_cap_usd=0.5, review_cap_tokens=9000))
    assert line.says == "$1.50 since midnight UTC of $20.00; caps: a review $0.50; a review in tokens 9,000"
    (line,) = spending(settings(tmp_path, endpoint, daily_cap_usd=1.0))
    assert line.is_well is False
    assert "until midnight UTC" in line.advice
