"""The bounds of the queues, as they are written into the engine's database."""

from typing import Any

import pytest

from bot.engine import names
from bot.engine.workflows import register_queues
from bot.settings import load_settings


class Register:
    """Stands for the engine's client, and keeps what it is told."""

    def __init__(self) -> None:
        self.queues: dict[str, dict[str, Any]] = {}

    def register_queue(self, name: str, **bounds: Any) -> None:
        self.queues[name] = bounds


def bounds_of(queue: str, **settings: Any) -> dict[str, Any]:
    register = Register()
    register_queues(register, load_settings({}, **settings))  # type: ignore[arg-type]
    return register.queues[queue]


def test_every_queue_has_its_bounds() -> None:
    for queue in names.QUEUES:
        assert bounds_of(queue)["worker_concurrency"] >= 1


@pytest.mark.parametrize(("reviews", "wanted", "places", "of_one"), [(4, 6, 8, 6), (1, 6, 2, 1), (4, 2, 8, 2)])
def test_one_repository_s_questions_leave_a_place_to_the_others(
    reviews: int, wanted: int, places: int, of_one: int
) -> None:
    bounds = bounds_of(names.MODEL, engine={"review_concurrency": reviews}, llm={"calls_per_repository": wanted})
    assert (bounds["worker_concurrency"], bounds["partition_worker_concurrency"]) == (places, of_one)


def test_questions_of_all_workers_together_keep_to_the_calls_a_minute() -> None:
    assert bounds_of(names.MODEL, llm={"calls_per_minute": 7})["limiter"] == {"limit": 7, "period": 60.0}
