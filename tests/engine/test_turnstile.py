"""Waiters are let in as they came."""

import threading
import time

import pytest

from bot.engine.turnstile import NoTurn, Turnstile
from tests.engine.conftest import PATIENCE_S, until


def test_the_one_who_waits_longest_comes_next_even_when_others_come_again_at_once() -> None:
    """Each comes again as soon as it has left. A place handed over never passes to one who came later, so between two
    turns of one everybody who was waiting has had a turn, on however slow a machine.
    """
    turnstile = Turnstile(places=1, wait_s=30)
    everybody = 4
    order: list[int] = []
    waiting_then: list[int] = []

    def come_again_and_again(name: int) -> None:
        for _ in range(50):
            with turnstile.turn():
                until(lambda: len(turnstile._queue) == everybody - 1 or len(done) > 0, "the others to wait")
                order.append(name)
                waiting_then.append(len(turnstile._queue))
        done.append(name)

    done: list[int] = []
    crowd = [threading.Thread(target=come_again_and_again, args=(name,)) for name in range(everybody)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(60)
    crowded = waiting_then.index(min(waiting_then)) if min(waiting_then) < everybody - 1 else len(order)
    first_round = order[:everybody]
    assert sorted(first_round) == list(range(everybody))
    assert order[:crowded] == [first_round[turn % everybody] for turn in range(crowded)]
    assert crowded > 45 * everybody, "most turns were taken while everybody else waited"


def test_no_more_are_inside_than_there_are_places_and_a_long_wait_ends() -> None:
    turnstile = Turnstile(places=2, wait_s=0.1)
    with turnstile.turn(), turnstile.turn():
        begun = time.monotonic()
        with pytest.raises(NoTurn), turnstile.turn():
            raise AssertionError("there is no third place")
        assert 0.1 <= time.monotonic() - begun < 10
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
        turnstile._wait_s = PATIENCE_S
        waiter = threading.Thread(target=late)
        waiter.start()
        until(lambda: turnstile._queue, "the waiter")
    waiter.join(PATIENCE_S)
    assert entered.is_set()
