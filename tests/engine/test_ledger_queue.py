"""The ledger asked from another host: a real Postgres between them, a real file on one side."""

import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from bot.engine import ledger_line, ledger_owner, ledger_queue
from bot.engine.client import EngineClient
from bot.engine.ledger_line import LedgerLine
from bot.engine.ledger_owner import LedgerOwner
from bot.engine.ledger_service import run_ledger
from bot.engine.patience import Backoff
from bot.errors import LedgerError, SettingsError
from bot.ledger import Ledger
from bot.ledger.remote import RemoteLedger
from bot.settings import Settings, load_settings
from tests.engine.conftest import until
from tests.ledger.records import a_pull_request, a_repository

pytestmark = pytest.mark.postgres
AT = "2026-11-20T10:00:00+00:00"
HURRIED = Backoff(first_s=0.05, cap_s=0.2, tries=40)
Opens = Callable[..., LedgerOwner]


@pytest.fixture(scope="module")
def database(postgres_url: str) -> str:
    name = f"ledger_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return f"{postgres_url}/{name}"


@pytest.fixture
def here(database: str, tmp_path: Path) -> Iterator[Callable[..., Settings]]:
    """Settings of a host by its name; the database is as new."""

    def settings(host: str = "owner", access: str = "file", **ledger: Any) -> Settings:
        engine = {"url": database, "reap_after_s": 5}
        return load_settings({}, data_dir=tmp_path / host, engine=engine, ledger={"access": access, **ledger})

    yield settings
    with psycopg.connect(database, autocommit=True) as server:
        server.execute("DROP TABLE IF EXISTS seawall_ledger_calls, seawall_ledger_owners")


@pytest.fixture
def owner(here: Callable[..., Settings]) -> Iterator[Opens]:
    opened: list[LedgerOwner] = []

    def start(host: str = "owner", name: str = "") -> LedgerOwner:
        opened.append(LedgerOwner(here(host), name or f"{host}-1", HURRIED))
        opened[-1].start()
        return opened[-1]

    yield start
    for each in opened:
        each.stop()


@pytest.fixture
def afar(here: Callable[..., Settings]) -> Iterator[RemoteLedger]:
    with RemoteLedger(LedgerLine(here("reviewer", "queue", wait_s=60))) as ledger:
        yield ledger


def calls_waiting(database: str) -> list[tuple[str, str]]:
    with psycopg.connect(database) as server:
        return server.execute("SELECT id, call FROM seawall_ledger_calls WHERE ended IS NULL").fetchall()


def test_what_was_written_from_afar_is_read_from_afar_and_lies_with_the_owner(
    owner: Opens, afar: RemoteLedger, here: Callable[..., Settings], tmp_path: Path
) -> None:
    owner()
    afar.keep_repository(a_repository())
    for number in range(1, 21):
        afar.keep_pull_request(a_pull_request(number=number))
    assert afar.pull_request(71, 20) == a_pull_request(number=20), "in the order in which it was handed in"
    with Ledger(here().ledger_path) as at_hand:
        assert at_hand.counts()["pull_requests"] == 20
    assert not list((tmp_path / "reviewer").glob("*"))


def test_while_the_owner_is_away_writes_wait_for_it_in_their_order(
    owner: Opens, afar: RemoteLedger, here: Callable[..., Settings]
) -> None:
    for title in ("first", "second", "last"):
        afar.keep_pull_request(a_pull_request(title=title))
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(afar.pull_request(71, 12)))
    asking.start()
    owner()
    asking.join(60)
    assert answers == [a_pull_request(title="last")]


def test_an_answer_that_does_not_come_is_given_up_and_not_carried_out_later(
    here: Callable[..., Settings], database: str
) -> None:
    with RemoteLedger(LedgerLine(here("reviewer", "queue", wait_s=0.3))) as afar:
        began = time.monotonic()
        with pytest.raises(LedgerError, match=r"did not answer `begin_review` within 0.3 s.*host that has the ledger"):
            afar.begin_review(a_pull_request(), AT)
        assert time.monotonic() - began < 30
    assert calls_waiting(database) == []


def test_a_step_that_is_repeated_hands_in_nothing_twice(
    afar: RemoteLedger, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(number: int) -> None:
        monkeypatch.setattr(ledger_line, "DBOS", SimpleNamespace(workflow_id="review:1", step_id=number))

    def write() -> None:
        afar.keep_event(71, 12, "opened", AT)
        afar.keep_event(71, 12, "closed", AT)
        afar.keep_event(71, 12, "opened", AT)

    step(4)
    write()
    step(5)
    write()
    step(4)
    write()
    assert len(calls_waiting(database)) == 6, "three of each step, the last time none"


def test_what_is_done_leaves_no_words_behind(owner: Opens, afar: RemoteLedger, database: str) -> None:
    owner()
    afar.keep_pull_request(a_pull_request(title="a secret plan"))
    assert afar.pull_request(71, 12) is not None
    with psycopg.connect(database) as server:
        assert server.execute("SELECT call FROM seawall_ledger_calls").fetchall() == [("",)]


def test_a_write_that_fails_is_tried_again_and_what_follows_it_waits(
    owner: Opens, afar: RemoteLedger, here: Callable[..., Settings]
) -> None:
    here().ledger_path.mkdir(parents=True)  # in the way of the file
    owner()
    afar.keep_repository(a_repository())
    afar.keep_pull_request(a_pull_request())
    with pytest.raises(LedgerError, match="cannot be"):
        afar.known_repositories()  # whoever waits is told at once
    shutil.rmtree(here().ledger_path)
    until(lambda: afar.pull_request(71, 12), "the writes")


def test_what_was_carried_out_and_not_noted_before_a_crash_is_there_once(
    owner: Opens, afar: RemoteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def end(connection: Any, number: int, answer: Any) -> None:
        done.append(number)
        if len(done) % 2:
            raise ConnectionError("the owner dies after the write and before its note")
        noted(connection, number, answer)

    noted = ledger_queue.end
    monkeypatch.setattr(ledger_queue, "end", end)
    monkeypatch.setattr(ledger_owner, "AGAIN_S", 0.05)
    afar.keep_pull_request(a_pull_request())
    afar.keep_event(71, 12, "closed", AT)
    owner()
    assert afar.ended(71, 12) == ("closed", AT)
    assert (afar.counts()["events"], len(done)) == (1, 8), "each of four calls twice"


def test_what_was_done_long_ago_is_forgotten(owner: Opens, afar: RemoteLedger, database: str) -> None:
    owner()
    afar.keep_repository(a_repository())
    afar.known_repositories()
    engine = sa.create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    for kept_s, left in ((600, 1), (0, 0)):
        with engine.begin() as connection:
            ledger_queue.drop_ended(connection, kept_s)
            assert connection.execute(sa.text("SELECT count(*) FROM seawall_ledger_calls")).scalar() == left
    engine.dispose()


def test_a_second_ledger_is_refused_while_the_first_is_at_work(owner: Opens, here: Callable[..., Settings]) -> None:
    first = owner()
    with pytest.raises(SettingsError, match=r"in use by owner-1.*SEAWALL_LEDGER__ACCESS=queue"):
        owner("elsewhere")
    first.stop()
    owner("elsewhere")


def test_a_second_worker_of_the_same_file_takes_over(owner: Opens, afar: RemoteLedger) -> None:
    first = owner()
    afar.keep_repository(a_repository())
    assert len(afar.known_repositories()) == 1
    owner(name="owner-2")
    first.stop()
    assert len(afar.known_repositories()) == 1


def test_the_edge_knows_whether_the_owner_is_there(owner: Opens, here: Callable[..., Settings]) -> None:
    client = EngineClient(here("edge", "queue"))
    try:
        assert not client.ledger_is_served(5)
        there = owner()
        assert client.ledger_is_served(5)
        there.stop()
        assert not client.ledger_is_served(5)
    finally:
        client.close()


def test_without_postgres_nobody_else_can_be_asked(tmp_path: Path) -> None:
    settings = load_settings({}, data_dir=tmp_path, ledger={"access": "queue"})
    with pytest.raises(SettingsError, match="SEAWALL_ENGINE__URL"):
        LedgerLine(settings)
    with pytest.raises(SettingsError, match="SEAWALL_ENGINE__URL"):
        run_ledger(load_settings({}, data_dir=tmp_path))


def test_a_database_that_is_away_is_a_ledger_that_cannot_be_asked(tmp_path: Path) -> None:
    url = "postgresql://seawall@127.0.0.1:1/none"
    settings = load_settings({}, data_dir=tmp_path, engine={"url": url}, ledger={"access": "queue"})
    with pytest.raises(LedgerError, match="cannot be asked through"):
        RemoteLedger(LedgerLine(settings)).paused(71, 12)
