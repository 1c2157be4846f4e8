"""A worker's seat: taken by many at once on a database that has never seen one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from bot.engine.client import prepare
from bot.engine.database import database_url
from bot.engine.seat import Seat, take_seat
from bot.errors import EngineUnavailable, SeatTaken
from bot.settings import Settings, load_settings
from tests.engine.conftest import PATIENCE_S, Builds

WORKERS = 8


def test_workers_that_start_together_on_a_new_database_all_find_a_seat(house: Builds) -> None:
    own = house()
    together = threading.Barrier(WORKERS)

    def settings_of(slot: int) -> Settings:
        return load_settings(
            environment={}, **{**own.overrides, "engine": {**own.overrides["engine"], "slot": str(slot)}}
        )

    def sit(slot: int) -> Seat:
        settings = settings_of(slot)
        together.wait(PATIENCE_S)
        return take_seat(settings, "host")

    with ThreadPoolExecutor(WORKERS) as pool:
        seats = list(pool.map(sit, range(WORKERS)))
    assert seats[0].alive(60) == {f"host-{slot}" for slot in range(WORKERS)}
    with pytest.raises(SeatTaken, match=r"engine\.slot"):
        take_seat(settings_of(3), "host")
    for seat in seats:
        seat.leave()


@pytest.mark.postgres
def test_processes_that_make_a_new_database_ready_together_all_succeed(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    together = threading.Barrier(WORKERS)

    def make(number: int) -> None:
        settings = load_settings(
            environment={},
            data_dir=str(tmp_path_factory.mktemp(f"host-{number}")),
            engine={"url": f"{postgres_url}/made_together"},
        )
        together.wait(PATIENCE_S)
        prepare(settings)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(make, range(WORKERS)))
    with psycopg.connect(f"{postgres_url}/made_together") as connection:
        assert connection.execute("SELECT to_regclass('dbos.workflow_status')").fetchone() != (None,)


def test_a_database_that_is_none_is_told_in_one_line_without_the_statement(tmp_path: Path) -> None:
    settings = load_settings(environment={}, data_dir=str(tmp_path))
    Path(str(database_url(settings).database)).write_text("no database\n" * 400)
    with pytest.raises(EngineUnavailable) as refused:
        take_seat(settings, "host")
    told = str(refused.value)
    assert told.endswith("does not answer: file is not a database. Check that it runs, is not locked and has space.")
    assert "\n" not in told
