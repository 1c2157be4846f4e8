"""kill -9 anywhere: what was done is not done again, what was not is, and what the dead had begun is taken over."""

import inspect
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from dbos import DBOS

from bot.domain import PullRequestNoted
from tests.engine.conftest import PATIENCE_S, Builds, House, Worker, a_pull_request, until

POINTS = ["keep", "before s1", "s1", "before s2", "s2", "model", "before publish"]


@pytest.mark.timeout(900)
def test_killed_at_each_step_boundary_a_review_resumes_and_repeats_nothing_it_had_finished(house: Builds) -> None:
    own = house()
    pull_request = a_pull_request(steps=2, questions=1, dies=POINTS)
    own.want(pull_request)
    deaths = 0
    worker = own.begin_worker()  # It may be dead before it could say that it is ready.
    while (end := _ended(own, pull_request)) is None:
        if worker.exit_code is not None:
            assert worker.exit_code == -signal.SIGKILL
            deaths += 1
            worker = own.begin_worker()
        time.sleep(0.02)
    assert end == {"state": "done", "reason": "as told: done"}
    assert deaths == len(POINTS)
    told = own.record.told(pull_request.review_key)
    counts = {what: told.count(what) for what in set(told)}
    # The step, and the call, under way at a death is the only one that runs again.
    assert counts == {"review": 1, "s1": 2, "s2": 2, "model": 2, "model answered": 1, "answers": 1, "publish": 1}


@pytest.mark.parametrize("is_open", [False, True])
def test_killed_while_it_ends_the_check_of_a_stopped_review_a_worker_ends_it_after_all(
    house: Builds, is_open: bool
) -> None:
    own = house()
    pull_request = a_pull_request(holds=["s1"], dies=["end check"])
    doomed = own.start_worker()
    own.want(pull_request)
    own.await_step(pull_request)
    noted = pull_request.model_copy(update={"is_open": is_open, "is_draft": is_open})
    own.deliver(PullRequestNoted(pull_request=noted, event="noted", at="2026-11-22T00:00:00Z", stops_review=True))
    assert doomed.await_exit() == -signal.SIGKILL
    own.start_worker()
    until(lambda: len(own.record.rows("end check", pull_request.review_key)) == 2, "its end, and the second look")
    why = "the pull request is a draft again" if is_open else "the pull request is closed"
    assert [reason for *_, reason in own.record.rows("end check", pull_request.review_key)] == [why, why]
    assert "publish" not in own.record.told(pull_request.review_key)


def test_a_dead_workers_job_is_taken_over_by_another_and_not_repeated(house: Builds) -> None:
    own = house()
    pull_request = a_pull_request(steps=3, dies=["s2"])
    doomed = own.start_worker("doomed")
    own.want(pull_request)
    assert doomed.await_exit() == -signal.SIGKILL
    peers = [own.begin_worker(slot) for slot in ("heir-1", "heir-2")]
    for peer in peers:
        peer.await_ready()
    assert own.await_end(pull_request)["state"] == "done"
    told = own.record.told(pull_request.review_key)
    assert (told.count("s1"), told.count("s2"), told.count("s3"), told.count("publish")) == (1, 2, 1, 1)
    assert {pid for _, pid, *_ in own.record.rows("s3", pull_request.review_key)} <= {p.process.pid for p in peers}


def test_a_second_live_worker_of_the_same_name_is_refused(house: Builds) -> None:
    own = house()
    first = own.start_worker("1")
    second = own.begin_worker("1")
    assert second.await_exit() != 0
    assert "runs as" in second.log.read_text()
    assert "SEAWALL_ENGINE__SLOT=2" in second.log.read_text()
    pull_request = a_pull_request()
    own.want(pull_request)
    assert own.await_end(pull_request)["state"] == "done"
    assert first.exit_code is None


def test_a_worker_that_was_killed_leaves_its_name_free(embedded: Builds) -> None:
    own = embedded()
    first = own.start_worker("1")
    first.stop(signal.SIGKILL)
    second = own.start_worker("1")
    assert second.ready["executor"].endswith("-1")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_frozen_worker_whose_job_was_taken_over_publishes_nothing_when_it_wakes(house: Builds) -> None:
    own = house()
    pull_request = a_pull_request(steps=3, holds=["s2"])
    frozen = own.start_worker("frozen")
    own.want(pull_request)
    own.await_step(pull_request, "s2")
    freeze(own, frozen)
    own.let_go(pull_request)
    own.start_worker("heir")
    assert own.await_end(pull_request)["state"] == "done"
    frozen.send(signal.SIGCONT)
    time.sleep(2)
    told = own.record.told(pull_request.review_key)
    assert (told.count("s3"), told.count("publish")) == (1, 1)


def test_the_private_calls_are_what_we_believe_they_are(embedded: Builds) -> None:
    """They are seen at work above; here an update of the engine would show what it changed."""
    recover = inspect.signature(DBOS._recover_pending_workflows)
    assert list(recover.parameters) == ["executor_ids"]
    assert "List[str]" in str(recover.parameters["executor_ids"])
    assert [*embedded().rows._sys_db.dequeue_scopes("intake")] == [None]


@pytest.mark.timeout(900)
def test_a_review_that_kills_every_worker_is_given_up_and_the_next_ones_are_done(embedded: Builds) -> None:
    own = embedded(reconcile_every_s=1)
    poison, healthy = a_pull_request(always_dies=["s1"]), a_pull_request()
    own.want(poison)
    own.record.set_stage("missing", [poison.to_json()])
    deadline = time.monotonic() + 5 * PATIENCE_S
    worker = own.begin_worker()
    while not own.record.told(poison.review_key, "give up") and time.monotonic() < deadline:
        if worker.exit_code is not None:
            worker = own.begin_worker()
        time.sleep(0.02)
    assert own.record.rows("give up", poison.review_key)[0][3] == "its worker died each time it was tried"
    own.want(healthy)
    assert own.await_end(healthy)["state"] == "done"
    assert worker.exit_code is None


def test_what_happens_while_nobody_works_is_done_when_somebody_does(embedded: Builds) -> None:
    own = embedded()
    pull_requests = [a_pull_request(dies=["before publish"]), a_pull_request(), a_pull_request()]
    worker = own.start_worker()
    own.want(pull_requests[0])
    assert worker.await_exit() == -signal.SIGKILL
    for pull_request in pull_requests[1:]:
        own.want(pull_request)
    own.start_worker()
    for pull_request in pull_requests:
        assert own.await_end(pull_request)["state"] == "done"
        assert own.record.told(pull_request.review_key).count("publish") == 1


def freeze(house: House, worker: Worker) -> None:
    """At a moment when it does not hold the lock of a file: nobody could write until it wakes."""
    own_file = Path(house.settings.engine_url.removeprefix("sqlite:///"))
    while True:
        worker.send(signal.SIGSTOP)
        until(lambda: process_state(worker) == "T", "the worker to stand still")
        if is_writable(house.record_path) and (not own_file.is_file() or is_writable(own_file)):
            return
        worker.send(signal.SIGCONT)
        time.sleep(0.05)


def is_writable(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=0.5)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def process_state(worker: Worker) -> str:
    return Path(f"/proc/{worker.process.pid}/stat").read_text().rpartition(")")[2].split()[0]


def _ended(house: House, pull_request) -> dict | None:
    runs = [run for run in house.runs(pull_request) if run.status in ("SUCCESS", "ERROR", "CANCELLED")]
    return (runs[0].output or {"state": runs[0].status}) if runs else None
