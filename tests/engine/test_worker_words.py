"""What workers say of their circuit breakers reaches whoever only looks at the engine's database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.workers import LimitSeen
from bot.engine.client import EngineClient, prepare
from bot.engine.database import database_url
from bot.engine.seat import take_seat
from bot.engine.worker_words import Words
from bot.settings import Settings, load_settings
from tests.engine.conftest import Builds


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(environment={}, data_dir=str(tmp_path))
    prepare(made)
    return made


def test_before_the_first_worker_nobody_is_heard_of(settings: Settings) -> None:
    client = EngineClient(settings)
    assert client.workers() == []
    client.close()


def test_a_breaker_is_told_with_since_when_and_is_gone_with_its_worker(settings: Settings) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    open_ones: set[str] = set()
    words = Words(lambda: {name: name in open_ones for name in ("github", "model")}, now=lambda: now)
    seat, client = take_seat(settings, "host"), EngineClient(settings)
    seat.beat(words.said())
    now += timedelta(minutes=3)
    open_ones.add("model")
    seat.beat(words.said())
    now += timedelta(minutes=3)
    seat.beat(words.said())
    (worker,) = client.workers()
    assert worker.name == "host-1"
    assert worker.silent_s < 60
    assert [(one.dependency, one.is_open, one.since[11:16]) for one in worker.breakers] == [
        ("github", False, "12:00"), ("model", True, "12:03"),
    ]  # fmt: skip
    seat.leave()
    assert client.workers() == []
    client.close()


def test_one_that_died_is_heard_of_for_a_day_and_a_worker_of_before_told_nothing(settings: Settings) -> None:
    seat, client = take_seat(settings, "host"), EngineClient(settings)
    engine = sa.create_engine(database_url(settings))
    with engine.begin() as connection:
        seen = "INSERT INTO seawall_executors VALUES (:id, unixepoch() - :ago)"
        for name, ago in (("died", 3600), ("forgotten", 90_000)):
            connection.execute(sa.text(seen), {"id": name, "ago": ago})
    died, here = client.workers()
    assert (died.name, here.name) == ("died", "host-1")
    assert 3590 < died.silent_s < 3700
    assert died.breakers == here.breakers == ()
    engine.dispose()
    seat.leave()
    client.close()


def test_a_worker_of_before_that_says_a_list_of_its_breakers_is_understood(settings: Settings) -> None:
    seat, client = take_seat(settings, "host"), EngineClient(settings)
    seat.beat('[{"dependency": "github", "is_open": true, "since": "2026-11-22T12:00:00+00:00"}]')
    (worker,) = client.workers()
    assert [(one.dependency, one.is_open) for one in worker.breakers] == [("github", True)]
    assert worker.limits == ()
    seat.leave()
    client.close()


def test_it_is_told_on_either_database(house: Builds) -> None:
    own = house()
    with_words = take_seat(load_settings(environment={}, **own.overrides), "host")
    granted = LimitSeen(
        installation="7", resource="core", limit=5000, remaining=4321, resets_at="2026-11-22T13:00:00+00:00"
    )
    with_words.beat(Words(lambda: {"github": True}, lambda: [granted]).said())
    client = EngineClient(load_settings(environment={}, **own.overrides))
    (worker,) = client.workers()
    assert [(one.dependency, one.is_open) for one in worker.breakers] == [("github", True)]
    assert worker.limits == (granted,)
    with_words.leave()
    assert client.workers() == []
    client.close()
