"""What several want at once is made once, and whoever wants something else waits for nobody."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import RetryableError
from bot.weekly.delivery.made_once import MadeOnce

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Kitchen:
    def __init__(self, waited_s: float = 30) -> None:
        self.now = NOON
        self.made: list[str] = []
        self.goes_on, self.is_under_way = threading.Event(), threading.Event()
        self.kept: MadeOnce[str] = MadeOnce(lambda: self.now, 60, 2, waited_s)

    def make(self, what: str, slowly: bool = False) -> str:
        def cook() -> str:
            self.made.append(what)
            if slowly:
                self.is_under_way.set()
                assert self.goes_on.wait(30)
            return f"{what} {len(self.made)}"

        return self.kept.of(what, cook)


def test_what_one_makes_the_others_wait_for_and_those_of_something_else_do_not() -> None:
    kitchen, found = Kitchen(), []
    threads = [threading.Thread(target=lambda: found.append(kitchen.make("soup", slowly=True))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert kitchen.is_under_way.wait(30)
    assert kitchen.make("bread") == "bread 2"
    kitchen.goes_on.set()
    for thread in threads:
        thread.join(30)
    assert kitchen.made == ["soup", "bread"]
    assert len(set(found)) == 1


def test_what_is_old_or_from_a_clock_that_jumped_back_is_made_anew() -> None:
    kitchen = Kitchen()
    assert [kitchen.make("soup"), kitchen.make("soup")] == ["soup 1", "soup 1"]
    kitchen.now += timedelta(seconds=61)
    assert kitchen.make("soup") == "soup 2"
    kitchen.now -= timedelta(hours=1)
    assert kitchen.make("soup") == "soup 3"


def test_what_could_not_be_made_is_made_by_the_next() -> None:
    kitchen = Kitchen()
    with pytest.raises(ZeroDivisionError):
        kitchen.kept.of("soup", lambda: str(1 // 0))
    assert kitchen.make("soup") == "soup 1"


def test_only_the_latest_few_are_kept() -> None:
    kitchen = Kitchen()
    for what in ("soup", "bread", "cake", "soup"):
        kitchen.make(what)
    assert kitchen.made == ["soup", "bread", "cake", "soup"]
    assert len(kitchen.kept._kept) == len(kitchen.kept._making) == 2


def test_another_one_is_not_waited_for_without_an_end() -> None:
    kitchen = Kitchen(waited_s=0.01)
    slow = threading.Thread(target=lambda: kitchen.make("soup", slowly=True))
    slow.start()
    assert kitchen.is_under_way.wait(30)
    with pytest.raises(RetryableError, match="tried again"):
        kitchen.make("soup")
    kitchen.goes_on.set()
    slow.join(30)
