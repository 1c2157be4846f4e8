"""The door: a delivery is on disk when it is acknowledged, once, and refused in time when it cannot be."""

import json
import resource
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.engine.client import EngineClient, prepare
from bot.errors import EngineUnavailable, SettingsError
from bot.settings import load_settings
from tests.engine.conftest import PATIENCE_S, Builds, House, a_pull_request, until

GITHUB_WAITS_S = 10.0
"""For an answer, and no longer."""


def test_a_delivery_sent_again_is_known_and_runs_once(shared: House) -> None:
    assert [shared.deliver(guid="twice") for _ in range(3)] == [True, False, False]
    until(lambda: shared.record.told("twice", "keep"), "the delivery")
    time.sleep(0.3)
    assert shared.deliver(guid="twice") is False
    assert shared.record.told("twice") == ["keep"]


def test_of_many_senders_of_one_delivery_one_is_the_first(shared: House) -> None:
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: shared.deliver(guid="crowd"), range(16)))
    assert sorted(answers) == [False] * 15 + [True]


def test_a_full_ledger_does_not_keep_a_delivery_from_being_worked_on(shared: House) -> None:
    pull_request = a_pull_request()
    shared.deliver(guid="full", sender="full-disk")
    until(lambda: shared.record.told("full", "keep"), "the third try")
    assert shared.record.told("full") == ["keep failed", "keep failed", "keep failed", "keep"]
    shared.want(pull_request)
    assert shared.await_end(pull_request)["state"] == "done"


def test_the_backlog_names_every_queue_and_counts_what_waits(house: Builds) -> None:
    idle = house()
    for _ in range(3):
        idle.deliver()
    empty = dict.fromkeys(("debounce", "review", "model", "chat", "maintenance", "ledger"), 0)
    assert idle.client.backlog() == empty | {"intake": 3}
    assert idle.client.alive()


def test_a_locked_database_is_refused_in_time_and_taken_again_when_free(tmp_path: Path) -> None:
    house = House(tmp_path)
    with sqlite3.connect(tmp_path / "data" / "engine.sqlite") as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with pytest.raises(EngineUnavailable, match="locked"):
            house.deliver(guid="g", tries=1)
        assert time.monotonic() - begun < GITHUB_WAITS_S
        other.rollback()
    assert house.deliver(guid="g") is True
    house.close()


def test_a_crowd_before_a_locked_database_is_refused_in_time_too(tmp_path: Path) -> None:
    house = House(tmp_path)

    def refused_after(_: int) -> float:
        begun = time.monotonic()
        with pytest.raises(EngineUnavailable):
            house.deliver(tries=1)
        return time.monotonic() - begun

    with sqlite3.connect(tmp_path / "data" / "engine.sqlite") as other, ThreadPoolExecutor(8) as senders:
        other.execute("BEGIN IMMEDIATE")
        assert max(senders.map(refused_after, range(8))) < GITHUB_WAITS_S
        other.rollback()
    house.close()


FULL_DISK = """
import resource, signal, sys
from tests.engine.conftest import House
from bot.errors import EngineUnavailable
from pathlib import Path
house = House(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
kept = 0
try:
    for number in range(2000):
        kept += house.deliver(guid=f"full-{number}", tries=1)
except EngineUnavailable as refused:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(kept, house.client.backlog()["intake"], house.deliver(guid="after"), refused)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system limits no file sizes")
def test_a_full_disk_is_refused_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path],
        capture_output=True, text=True, timeout=PATIENCE_S, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    kept, waiting, after, refused = run.stdout.split(maxsplit=3)
    assert int(kept) > 0, run.stderr
    assert waiting == kept
    assert after == "True"
    assert "has space" in refused


def test_a_postgres_that_is_away_is_refused_in_time(tmp_path: Path) -> None:
    url = "postgresql://seawall:hush@127.0.0.1:9/none"
    settings = load_settings(environment={}, engine={"url": url}, data_dir=str(tmp_path))
    client = EngineClient(settings)
    begun = time.monotonic()
    with pytest.raises(EngineUnavailable) as refused:
        House.deliver(type("Away", (), {"client": client})(), guid="g", tries=1)  # type: ignore[arg-type]
    assert not client.alive()
    assert time.monotonic() - begun < GITHUB_WAITS_S
    assert "hush" not in str(refused.value)
    with pytest.raises(EngineUnavailable, match="prepared"):
        prepare(settings)
    client.close()


def test_an_engine_url_that_cannot_hold_the_engine_is_named_without_its_password(tmp_path: Path) -> None:
    for url in ("mysql://me:hush@host/db", "sqlite://", "not a url"):
        settings = load_settings(environment={}, engine={"url": url}, data_dir=str(tmp_path))
        with pytest.raises(SettingsError) as refused:
            EngineClient(settings)
        assert "hush" not in str(refused.value)


PREPARE = """
import sys, json
from bot.engine.client import prepare
from bot.settings import load_settings
prepare(load_settings(environment={}, **json.loads(sys.argv[1])))
"""


def test_several_processes_prepare_one_database_at_once(backend, tmp_path: Path) -> None:
    overrides = {"data_dir": str(tmp_path / "data"), "engine": {"url": backend("prepared_by_many")}}
    many = [
        subprocess.Popen([sys.executable, "-c", PREPARE, json.dumps(overrides)], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for one in many:
        assert one.wait(timeout=PATIENCE_S) == 0, one.stderr and one.stderr.read()
        assert one.stderr is not None
        one.stderr.close()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    client = EngineClient(load_settings(environment={}, **overrides))
    assert client.backlog()["intake"] == 0
    client.close()


def test_the_embedded_database_writes_ahead(tmp_path: Path) -> None:
    house = House(tmp_path)
    with sqlite3.connect(tmp_path / "data" / "engine.sqlite") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    house.close()


def test_the_door_stays_light() -> None:
    heavy = {"tree_sitter", "langchain", "openai", "github", "sqlite_utils", "bot.review", "bot.syntax", "bot.ledger"}
    code = f"import sys, bot.engine.client; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr
