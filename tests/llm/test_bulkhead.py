"""One repository's questions and the others'."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import ModelUnavailable
from bot.llm.bulkhead import Bulkhead


def test_one_repository_leaves_places_to_the_others():
    bulkhead = Bulkhead(2)
    with bulkhead.place(1, 0.0), bulkhead.place(1, 0.0):
        with pytest.raises(ModelUnavailable, match="calls_per_repository"), bulkhead.place(1, 0.01):
            pass
        with bulkhead.place(2, 0.0), bulkhead.place(None, 0.0):
            pass
    with bulkhead.place(1, 0.0):
        pass


def test_who_waits_for_a_place_gets_the_next_one():
    bulkhead = Bulkhead(1)
    entered = threading.Event()

    def enter():
        with bulkhead.place(1, 30.0):
            entered.set()

    with ThreadPoolExecutor(1) as pool:
        with bulkhead.place(1, 0.0):
            waiting = pool.submit(enter)
            assert not entered.is_set()
        waiting.result(30)
    assert entered.is_set()
