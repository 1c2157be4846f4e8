"""However many threads there are, few large bodies are held at once."""

import threading

import pytest

from webhooks.large_bodies import LARGE_BYTES, FewAtOnce
from webhooks.refusal import Refusal


def test_a_large_body_more_than_there_is_room_for_is_turned_away() -> None:
    few = FewAtOnce(places=2, wait_s=0.01)
    with few.room(LARGE_BYTES + 1), few.room(LARGE_BYTES + 1):
        with pytest.raises(Refusal, match="large bodies") as refused, few.room(LARGE_BYTES + 1):
            pass
        assert refused.value.status == 503


def test_a_body_of_untold_size_counts_as_large() -> None:
    few = FewAtOnce(places=1, wait_s=0.01)
    with few.room(None), pytest.raises(Refusal), few.room(None):
        pass


def test_ordinary_bodies_pass_by() -> None:
    few = FewAtOnce(places=1, wait_s=0.01)
    with few.room(None), few.room(LARGE_BYTES), few.room(0):
        pass


def test_room_is_given_back_and_a_waiter_gets_it() -> None:
    few = FewAtOnce(places=1, wait_s=60)
    had = threading.Event()

    def wait_for_room() -> None:
        with few.room(None):
            had.set()

    waiter = threading.Thread(target=wait_for_room)
    with pytest.raises(ZeroDivisionError):
        _fail_while_others_wait(few, waiter, had)
    assert had.wait(60)
    waiter.join(60)


def _fail_while_others_wait(few: FewAtOnce, waiter: threading.Thread, had: threading.Event) -> None:
    with few.room(None):
        waiter.start()
        assert not had.wait(0.05)
        raise ZeroDivisionError
