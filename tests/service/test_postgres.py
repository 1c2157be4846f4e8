"""The same service on Postgres: one URL, no change of code."""

import uuid
from collections.abc import Callable

import psycopg
import pytest

from bot.demo.standin import StandIn
from tests.engine.conftest import postgres_url  # noqa: F401 — a fixture
from tests.service.harness import Service, Shop, concluded, our_reviews, wait_until

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_url: str) -> str:  # noqa: F811 — the fixture above
    """A database of our own."""
    name = f"seawall_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return f"{postgres_url}/{name}"


def test_a_worker_killed_in_the_middle_finishes_its_review_once_on_postgres(
    host: StandIn, shop: Shop, serve: Callable[..., Service], database: str
) -> None:
    service = serve(ENGINE__URL=database)
    repository = host.add_repository("acme", "shop", shop.git_dir)
    for number in range(2):
        head = shop.branch(f"feature-{number}", number)
        pull = host.open_pull_request(repository, "main", f"feature-{number}", "Charge", "", author="dana")
        if number:
            wait_until(lambda head=head: any(one.head_sha == head for one in repository.checks.values()), "a start")
            service.kill("worker")
        wait_until(lambda head=head: concluded(repository, head), "the check")
        assert len(our_reviews(pull)) == 1
    assert not (service.data / "engine.sqlite").exists()
    assert service.stop() == 0
