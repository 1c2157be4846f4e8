"""kill -9, anywhere: what was acknowledged is reviewed once, and no finished model call is paid twice."""

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from bot.demo.standin import ConnectionReset, PullRequest, Repository, StandIn
from bot.review.publishing import LATE_LEAD
from tests.service.harness import PATIENCE_S, Service, Shop, concluded, our_checks, our_reviews, wait_until
from tests.service.model import SmallModel

Start = Callable[..., Service]
IS_CI = os.environ.get("STRICT_TESTS") == "1"
FULL = {"pulls": 15, "kills": 25}
SHORT = {"pulls": 3, "kills": 4}
"""Twice over, side by side. On a user's machine a taste of it is enough; CI runs the whole."""
UNSURE_S = 2.0
"""A call that ended so short a time before a kill may not have been written down, on a slow machine."""
PLACES = {
    "reads": [("GET", "/files"), ("POST", "/graphql")],
    "posts": [("POST", "/check-runs"), ("POST", "/reviews")],
    "ends": [("GET", "/comments"), ("PATCH", "/check-runs/")],
}
"""Every request of one review, in their order; between them lie all step boundaries that the host can see. (The check
is looked for only after a kill.) In parts: the supervisor waits longer after each death of the same service."""


class Trap:
    """Kills the worker the moment it sends a certain request, before or after the host has done what it asks."""

    def __init__(self, host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sprung = 0
        self._set: tuple[str, str, bool, Callable[[], Any]] | None = None
        take = host.faults.take

        def watch(method: str, path: str) -> Any:
            trap = self._set
            if trap and method == trap[0] and trap[1] in path:
                self._set = None
                self.sprung += 1
                trap[3]()
                return 0.0, ConnectionReset(after_write=trap[2])
            return take(method, path)

        monkeypatch.setattr(host.faults, "take", watch)

    def lay(self, method: str, path: str, after_write: bool, kill: Callable[[], Any]) -> None:
        self._set = (method, path, after_write, kill)


def open_one(host: StandIn, repository: Repository, shop: Shop, number: int) -> tuple[PullRequest, str]:
    head = shop.branch(f"feature-{number}", number)
    return host.open_pull_request(repository, "main", f"feature-{number}", "Charge", "", author="dana"), head


def assert_reviewed_once(repository: Repository, pull: PullRequest, head: str) -> None:
    wait_until(lambda: concluded(repository, head), f"the check of #{pull.number}", 2 * PATIENCE_S)
    late = [review for review in our_reviews(pull) if LATE_LEAD in review.body]
    assert len(our_reviews(pull)) - len(late) == 1, f"#{pull.number}"
    assert len(late) <= 1, f"#{pull.number}"
    assert len(our_checks(repository, head)) == 1, f"#{pull.number}"

    def is_all_said() -> bool:
        is_degraded = "degraded" in (our_checks(repository, head)[0].title or "")  # the model's part is still to come
        return len(pull.review_comments) == (2 if is_degraded else 3)

    wait_until(is_all_said, f"all findings of #{pull.number}, once each")
    said = [comment.body for comment in list(pull.review_comments.values())]
    assert len(said) == len(set(said)), f"#{pull.number}"


@pytest.fixture
def trap(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> Trap:
    return Trap(host, monkeypatch)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", PLACES)
def test_a_worker_killed_at_any_request_of_a_review_finishes_it_once(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel, trap: Trap, part: str
) -> None:
    service = serve_with_model()
    repository = host.add_repository("acme", "shop", shop.git_dir)
    places = [(method, path, after) for method, path in PLACES[part] for after in (False, True)]
    for number, (method, path, after_write) in enumerate(places):
        trap.lay(method, path, after_write, lambda: service.kill("worker"))
        pull, head = open_one(host, repository, shop, number)
        wait_until(lambda number=number: trap.sprung == number + 1, f"the trap at {method} {path}")
        assert_reviewed_once(repository, pull, head)
    assert set(model.finished.values()) == {1}


def test_a_worker_killed_while_the_model_thinks_asks_again_and_posts_once(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    service = serve_with_model()
    repository = host.add_repository("acme", "shop", shop.git_dir)
    killed: list[bool] = []
    model.before_answer = lambda: killed or killed.append(service.kill("worker"))
    pull, head = open_one(host, repository, shop, 1)
    assert_reviewed_once(repository, pull, head)
    assert killed == [True]


def test_a_worker_killed_while_the_model_doubts_pays_for_no_reading_again(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    service = serve_with_model(LLM__PROFILE="balanced")
    repository = host.add_repository("acme", "shop", shop.git_dir)
    killed: list[bool] = []
    model.before_answer = lambda: None if killed or model.asked < 3 else killed.append(service.kill("worker"))
    pull, head = open_one(host, repository, shop, 1)
    assert_reviewed_once(repository, pull, head)
    assert killed == [True]
    assert model.asked == 4  # two readings, and the doubt twice


class Mayhem(threading.Thread):
    """Kills the worker, the web process or everything at random moments, and starts again what died."""

    def __init__(self, service: Service, kills: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.killed: list[tuple[float, str]] = []
        self.failure: BaseException | None = None
        self._service = service
        self._kills = kills
        self._dice = random.Random(seed)

    def run(self) -> None:
        try:
            while len(self.killed) < self._kills:
                time.sleep(self._dice.uniform(0.0, 3.0))
                target = self._dice.choice(("everything", "everything", "worker", "web"))
                started = self._service.workers_started
                self.killed.append((time.monotonic(), target))
                if target == "everything":
                    self._service.kill_all()
                    self._service.start()
                else:
                    self._service.kill(target)
                if target != "web":  # else most kills would hit a worker that has not begun yet
                    wait_until(lambda seen=started: self._service.workers_started > seen, "the next worker")
        except BaseException as failure:
            self.failure = failure


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [20261122, 20261123])
def test_random_kills_lose_nothing_and_double_nothing(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel, seed: int
) -> None:
    size = FULL if IS_CI else SHORT
    model.delay_s = 0.3
    service = serve_with_model(ENGINE__RECONCILE_EVERY_S=3)
    repository = host.add_repository("acme", "shop", shop.git_dir)
    mayhem = Mayhem(service, size["kills"], seed)
    mayhem.start()
    pulls = []
    for number in range(size["pulls"]):
        pulls.append(open_one(host, repository, shop, number))
        time.sleep(1.0)
    mayhem.join(900)
    assert mayhem.failure is None
    assert not mayhem.is_alive(), f"{len(mayhem.killed)} kills in 900 s: this machine is too busy to tell"
    acknowledged = [one for one in host.courier.deliveries() if one.is_delivered and one.event == "pull_request"]
    for pull, head in pulls:
        assert_reviewed_once(repository, pull, head)

    def kept() -> set[str]:
        with closing(sqlite3.connect(service.data / "ledger.sqlite", timeout=30)) as ledger:
            return {guid for (guid,) in ledger.execute("SELECT guid FROM deliveries")}

    wait_until(lambda: {one.guid for one in acknowledged} <= kept(), "the record of all that was acknowledged")
    repeated = sum(model.finished.values()) - len(model.finished)
    in_flight = sum(
        began - UNSURE_S <= at <= ended + UNSURE_S
        for at, target in mayhem.killed
        if target != "web"
        for began, ended in model.spans
    )
    assert repeated <= in_flight
