"""A worker with nothing to do costs next to nothing, and still begins at once when there is something."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.engine import glance
from bot.engine.glance import LOOK_ANYWAY_S, LOOK_EVERY_S, _FileWatch
from tests.engine.conftest import PATIENCE_S, Builds, until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "engine.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE workflow_status (queue_name TEXT, status TEXT)")
    connection.close()
    return path


def hand_in(path: Path, queue: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO workflow_status VALUES (?, 'ENQUEUED')", [queue])
    connection.close()


def test_who_rests_is_woken_by_what_another_process_writes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "LOOK_ANYWAY_S", PATIENCE_S / 2)  # who is not woken finds nothing until then
    watch = _FileWatch(str(file))
    with ThreadPoolExecutor(1) as pool:
        resting = pool.submit(watch.awaits, "review")
        time.sleep(5 * LOOK_EVERY_S)
        assert not resting.done()
        hand_in(file, "review")
        assert resting.result(PATIENCE_S)


def test_a_rest_ends_by_itself_where_another_queue_got_the_work(file: Path) -> None:
    watch = _FileWatch(str(file))
    hand_in(file, "review")
    began = time.monotonic()
    assert not watch.awaits("model")
    assert LOOK_ANYWAY_S <= time.monotonic() - began < LOOK_ANYWAY_S + 10


def test_a_watch_that_cannot_read_lets_the_engine_look(tmp_path: Path) -> None:
    assert _FileWatch(str(tmp_path / "empty.sqlite")).awaits("review")


def test_a_watch_leaves_no_read_open_that_would_keep_the_log_from_shrinking(file: Path) -> None:
    watch = _FileWatch(str(file))
    hand_in(file, "review")
    assert watch.awaits("review")
    time.sleep(3 * LOOK_EVERY_S)
    with sqlite3.connect(file) as connection:
        blocked, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()
    assert blocked == 0


def test_work_begins_soon_after_a_rest(embedded: Builds) -> None:
    house = embedded()
    house.start_worker(look_anyway_s=10 * PATIENCE_S)  # who is not woken finds nothing until then
    for number in range(3):
        time.sleep(0.2)
        house.deliver(guid=f"after-rest-{number}")
        until(lambda number=number: house.record.told(f"after-rest-{number}", "keep"), "the delivery")  # type: ignore[misc]


def test_a_worker_at_rest_leaves_the_processor_alone(embedded: Builds) -> None:
    """Once it has come to rest, which takes a while on a machine with much else to do."""
    worker = embedded().start_worker()

    def used_in_three_seconds() -> float:
        before = processor_s(worker.process.pid or 0)
        time.sleep(3)
        return processor_s(worker.process.pid or 0) - before

    time.sleep(1.5)
    assert any(used_in_three_seconds() < 0.3 for _ in range(10)), "more than a tenth of a processor each time"


def processor_s(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        pytest.skip("this system has no /proc")
    return sum(int(field) for field in stat.read_text().rpartition(")")[2].split()[11:13]) / 100
