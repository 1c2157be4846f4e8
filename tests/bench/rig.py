"""The service, warm, with a stand-in for GitHub and a model that takes its time; and one review after the other."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.standin import Latency, PullRequest, Repository, StandIn
from tests.service.harness import Service, Shop, concluded, our_reviews, wait_until
from tests.service.model import SmallModel

MODEL_S = 0.5
REVIEW_LIMIT_S = 60.0
WARM_UPS = 2


@dataclass(frozen=True)
class Timed:
    """One review, in seconds after its delivery was acknowledged. The model's time is in them."""

    first_call: float
    asked: float
    """When the model was asked, and when it had answered; 0 without a model."""
    answered: float
    visible: float
    """The review can be read on the pull request."""
    concluded: float
    """The check has its conclusion."""
    acknowledged: float
    """How long the acknowledgement itself took."""

    @property
    def overhead(self) -> float:
        return self.visible - (MODEL_S if self.asked else 0.0)


class Rig:
    def __init__(self, folder: Path, with_model: bool, settings: dict[str, Any]) -> None:
        self.host = StandIn()
        self.host.start()
        self.model = SmallModel(delay_s=MODEL_S) if with_model else None
        of_model: dict[str, Any] = {}
        if self.model:
            of_model = {"LLM__MODEL": "openai:small", "LLM__BASE_URL": self.model.url, "LLM__API_KEY": "bench"}
            of_model |= {"LLM__CALLS_PER_MINUTE": 6000, "LLM__PROFILE": "economy"}
        generous = {"GITHUB__WRITES_PER_MINUTE": 6000, "GITHUB__WRITES_PER_HOUR": 60000, "ENGINE__REAP_AFTER_S": 30}
        self.service = Service(self.host, folder, **(generous | of_model | settings))
        self.shop = Shop(folder / "shop")
        self.repository: Repository = self.host.add_repository("acme", "shop", self.shop.git_dir)
        self.start_s = 0.0
        self._branches = 0

    def start(self) -> None:
        """Starts the service and has it review what warms it up."""
        began = time.monotonic()
        self.service.start()
        self.start_s = time.monotonic() - began
        for _ in range(WARM_UPS):
            self.review()

    def close(self) -> None:
        if self.service._process is not None:
            self.service.kill_all()
        if self.model:
            self.model.close()
        self.host.close()

    @property
    def pid(self) -> int:
        """Of the supervisor; all other processes of the service are below it."""
        assert self.service._process
        return self.service._process.pid

    def slow_down(self, latency_s: float) -> None:
        """Every answer of the stand-in takes that much longer from now on."""
        self.host.faults.clear()
        self.host.fail(Latency(latency_s), times=None)

    def branch(self) -> str:
        """A new branch with a defect for the rules and one for the model; its name."""
        self._branches += 1
        name = f"feature-{self._branches}"
        self.shop.branch(name, self._branches)
        return name

    def open_silently(self, branch: str) -> PullRequest:
        """A pull request that no webhook tells of."""
        target, self.host.courier.target = self.host.courier.target, None
        try:
            return self.host.open_pull_request(self.repository, "main", branch, "Charge", "", author="dana")
        finally:
            self.host.courier.target = target

    def review(self) -> Timed:
        """Opens a pull request, delivers the news and waits for the review and the check."""
        pull = self.open_silently(self.branch())
        payload = self.host.payload("opened", self.repository, pull)
        spans = len(self.model.spans) if self.model else 0
        calls = len(self.host.journal.asked())
        sent = time.monotonic()
        delivery = self.host.deliver("pull_request", payload)
        acknowledged, at = time.monotonic(), datetime.now(UTC)
        assert delivery.is_delivered, delivery.answer
        _await(lambda: bool(our_reviews(pull)), "the review")
        visible = time.monotonic()
        _await(lambda: concluded(self.repository, pull.head_sha), "the check")
        done = time.monotonic()
        asked, answered = self.model.spans[spans] if self.model else (acknowledged, acknowledged)
        first = self.host.journal.asked()[calls:][0]
        self.settle()
        return Timed(
            first_call=(first.at - at).total_seconds(),
            asked=asked - acknowledged,
            answered=answered - acknowledged,
            visible=visible - acknowledged,
            concluded=done - acknowledged,
            acknowledged=acknowledged - sent,
        )

    def settle(self) -> None:
        """Waits until what was reviewed is on record."""
        wanted = self._branches
        wait_until(lambda: self._recorded() >= wanted, "the record", REVIEW_LIMIT_S)

    def _recorded(self) -> int:
        return count(self.service.data / "ledger.sqlite", "SELECT count(*) FROM reviews")


def count(database: Path, query: str) -> int:
    """The one number that a query on a SQLite file gives."""
    return int(rows(database, query)[0][0])


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query on a SQLite file gives, without opening it for writing."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query).fetchall()


def _await(is_true: Callable[[], bool], what: str) -> None:
    """As `wait_until`, looking more often than a thing measured in hundredths of a second needs."""
    ends = time.monotonic() + REVIEW_LIMIT_S
    while not is_true():
        assert time.monotonic() < ends, f"not within {REVIEW_LIMIT_S} s: {what}"
        time.sleep(0.003)
