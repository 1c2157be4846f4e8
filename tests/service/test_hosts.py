"""Several hosts: one takes deliveries, one reviews, one has the ledger. What any of them was told is in one record."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from bot.demo.standin import StandIn
from tests.engine.conftest import postgres_url  # noqa: F401 — a fixture
from tests.service.harness import PATIENCE_S, Service, Shop, concluded, our_checks, our_reviews, wait_until

pytestmark = pytest.mark.postgres


@pytest.fixture
def start(host: StandIn, tmp_path: Path, postgres_url: str) -> Iterator[Callable[..., Service]]:  # noqa: F811
    """Starts one role on a host of its own, such as `start("worker", LEDGER__ACCESS="queue")`."""
    name = f"hosts_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    running: list[Service] = []

    def begin(role: str, **settings: Any) -> Service:
        running.append(Service(host, tmp_path / role, role, ENGINE__URL=f"{postgres_url}/{name}", **settings))
        running[-1].start()
        return running[-1]

    yield begin
    for service in running:
        service.kill_all()


def _read(url: str) -> str:
    """Raises HTTPError where the edge is not ready: without the owner it is, and takes deliveries all the same."""
    with urlopen(url, timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


def test_a_worker_reviews_and_answers_without_the_file_and_a_dead_owner_loses_nothing(
    host: StandIn, shop: Shop, start: Callable[..., Service]
) -> None:
    owner = start("ledger")
    edge, worker = start("web", LEDGER__ACCESS="queue"), start("worker", LEDGER__ACCESS="queue")
    repository = host.add_repository("acme", "shop", shop.git_dir)
    dana = host.person(repository, "dana", "write")

    first_head = shop.branch("first", 1)
    first = host.open_pull_request(repository, "main", "first", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, first_head), "the first check")
    finding = next(each for each in list(first.review_comments.values()) if "wait for ever" in each.body)
    asked = dana.reply(first, finding.id, "/seawall dismiss the gateway bounds it")
    wait_until(lambda: "rocket" in {each.content for each in list(asked.reactions)}, "the dismissal")

    second_head = shop.branch("second", 2)
    second = host.open_pull_request(repository, "main", "second", "Charge again", "", author="dana")
    wait_until(lambda: bool(our_checks(repository, second_head)), "the second review's beginning")
    owner.kill_all()
    dana.merge(first)
    told = f"http://127.0.0.1:{edge.port}/readyz"
    wait_until(lambda: "reviews wait" in _read(told), "the edge to miss the owner")
    owner.start()
    wait_until(lambda: concluded(repository, second_head), "the second check")
    assert len(our_reviews(second)) == 1
    assert len(our_checks(repository, second_head)) == 1

    with owner.ledger() as ledger:
        wait_until(lambda: ledger.counts()["reviews"] == 2, "the record of both")
        assert {row["number"] for row in ledger.recent_reviews()} == {first.number, second.number}
        wait_until(lambda: ledger.ended(repository.id, first.number) is not None, "what happened meanwhile")
        sent = {each.guid for each in host.courier.deliveries() if each.event == "pull_request"}
        kept = [row["guid"] for row in ledger._rows("SELECT guid FROM deliveries", {}) if row["guid"] in sent]
        assert len(kept) == len(sent) == 3
        (waiver,) = ledger.waivers(repository.id, "2026-11-22T00:00:00Z")
        assert (waiver.owner, waiver.reason) == ("dana", "the gateway bounds it")
    assert not (worker.data / "ledger.sqlite").exists()
    assert not (edge.data / "ledger.sqlite").exists()
    assert [service.stop() for service in (worker, edge, owner)] == [0, 0, 0]
