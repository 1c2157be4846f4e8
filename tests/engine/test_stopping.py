"""SIGTERM: no new work, what is under way may finish, nothing is lost."""

import signal
import subprocess
import sys
import time

import pytest

from tests.engine.conftest import PATIENCE_S, Builds, a_pull_request, until


def test_on_sigterm_a_worker_finishes_what_is_under_way_and_begins_nothing_new(house: Builds) -> None:
    own = house(drain_s=PATIENCE_S)
    worker = own.start_worker()
    running = a_pull_request(repository=5500, steps=2, step_s=1.5, holds=["s1"])
    waiting = a_pull_request(repository=5500)
    own.want(running)
    own.await_step(running)
    own.await_intake(own.want(waiting))
    worker.send(signal.SIGTERM)
    own.let_go(running)
    assert worker.await_exit() == 0
    assert own.record.told(running.review_key)[-1] == "publish"
    assert own.record.told(waiting.review_key) == []
    own.start_worker()
    assert own.await_end(waiting)["state"] == "done"


def test_an_idle_worker_stops_at_once(embedded: Builds) -> None:
    worker = embedded(drain_s=PATIENCE_S).start_worker()
    begun = time.monotonic()
    assert worker.stop(signal.SIGINT) == 0
    assert time.monotonic() - begun < PATIENCE_S / 3


def test_what_takes_longer_than_the_drain_is_broken_off_and_resumed(embedded: Builds) -> None:
    own = embedded(drain_s=1.0)
    worker = own.start_worker()
    pull_request = a_pull_request(steps=2, holds=["s2"])
    own.want(pull_request)
    own.await_step(pull_request, "s2")
    begun = time.monotonic()
    assert worker.stop(signal.SIGTERM) == 0
    assert time.monotonic() - begun < PATIENCE_S / 3
    assert "publish" not in own.record.told(pull_request.review_key)
    own.let_go(pull_request)
    own.start_worker()
    assert own.await_end(pull_request)["state"] == "done"
    assert own.record.told(pull_request.review_key).count("s1") == 1


def test_a_review_that_only_waits_for_the_model_does_not_hold_up_the_stop(embedded: Builds) -> None:
    own = embedded(drain_s=PATIENCE_S)
    worker = own.start_worker(llm={"calls_per_minute": 1})
    pull_request = a_pull_request(questions=2)
    own.want(pull_request)
    until(lambda: own.record.told(pull_request.review_key, "model answered"), "the first answer")
    begun = time.monotonic()
    assert worker.stop(signal.SIGTERM) == 0
    assert time.monotonic() - begun < PATIENCE_S / 3
    own.start_worker(llm={"calls_per_minute": 600})
    assert own.await_end(pull_request)["state"] == "done"
    assert len(own.record.rows("model", pull_request.review_key)) == 2


LEFT = """
import sys, threading, time
from bot.engine.worker import end_within
if sys.argv[1] == "hangs":
    threading.Thread(target=time.sleep, args=(600,)).start()
end_within(float(sys.argv[2]))
"""


@pytest.mark.parametrize(("what", "limit"), [("hangs", "0.1"), ("ends", "600")])
def test_who_asked_for_a_stop_gets_one_though_a_thread_hangs(what: str, limit: str) -> None:
    ended = subprocess.run([sys.executable, "-c", LEFT, what, limit], timeout=120, capture_output=True, check=False)
    assert ended.returncode == 0


LOCKED = """
import logging, threading, time
from bot.engine import worker
worker.LAST_S = 0.1
handler = logging.StreamHandler()
logging.getLogger().addHandler(handler)
handler.acquire()  # for ever
threading.Thread(target=time.sleep, args=(600,), name="the one that hangs").start()
worker.end_within(0.1)
"""


def test_what_hangs_on_the_logs_themselves_is_ended_and_tells_where_it_was() -> None:
    ended = subprocess.run([sys.executable, "-c", LOCKED], timeout=120, capture_output=True, check=False)
    assert ended.returncode == 1
    assert b"Timeout" in ended.stderr
    assert b"in end\n" in ended.stderr
