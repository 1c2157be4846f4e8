"""Waiters are let in as they came."""

import threading
import time

import pytest

from bot.engine.turnstile import NoTurn, Turnstile
from tests.engine.conftest import until


def test_the_one_who_waits_longest_comes_next_even_when_others_come_again_at_once() -> None:
    turnstile = Turnstile(places=1, wait_s=5)
    order: list[int] = []
    ends = time.monotonic() + 0.5

    def come_again_and_again(name: int) -> None:
        while time.monotonic() < ends:
            with turnstile.turn():
                order.append(name)

    crowd = [threading.Thread(target=come_again_and_again, args=(name,)) for name in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    turns = [order.count(name) for name in range(4)]
    assert min(turns) > max(turns) / 10, "nobody starves; how fast each is, is the machine's affair"


def test_no_more_are_inside_than_there_are_places_and_a_long_wait_ends() -> None:
    turnstile = Turnstile(places=2, wait_s=0.1)
    with turnstile.turn(), turnstile.turn():
        begun = time.monotonic()
        with pytest.raises(NoTurn), turnstile.turn():
            raise AssertionError("there is no third place")
        assert 0.1 <= time.monotonic() - begun < 1
    with turnstile.turn(), turnstile.turn():
        pass


def test_one_who_gave_up_leaves_no_gap() -> None:
    turnstile = Turnstile(places=1, wait_s=0.1)
    entered = threading.Event()

    def late() -> None:
        with turnstile.turn():
            entered.set()

    with turnstile.turn():
        with pytest.raises(NoTurn), turnstile.turn():
            pass
        waiter = threading.Thread(target=late)
        waiter.start()
        until(lambda: turnstile._queue, "the waiter")
    waiter.join(timeout=5)
    assert entered.is_set()
