"""Rounds: the reconciler, retention, and their schedules."""

import itertools
import time
from datetime import UTC, datetime

import pytest
from croniter import croniter

from bot.engine.upkeep import cron
from tests.engine.conftest import PATIENCE_S, Builds, a_pull_request, until


def test_what_was_missed_while_nobody_was_there_is_reviewed_at_start(embedded: Builds) -> None:
    own = embedded()
    missed, done = a_pull_request(), a_pull_request()
    own.record.set_stage("missing", [missed.to_json()])
    own.start_worker()
    assert own.await_end(missed)["state"] == "done"
    assert own.runs(done) == []
    assert own.record.rows("missing") != []


def test_each_round_looks_again_but_leaves_alone_what_was_just_given_up(embedded: Builds) -> None:
    own = embedded(reconcile_every_s=1)
    hopeless = a_pull_request(ends=["boom"])
    own.record.set_stage("missing", [hopeless.to_json()])
    own.start_worker()
    until(lambda: own.record.told(hopeless.review_key, "give up"), "the first end")
    rounds = len(own.record.rows("missing"))
    late = a_pull_request()
    own.record.set_stage("missing", [hopeless.to_json(), late.to_json()])
    assert until(lambda: own.runs(late), "the next round")
    until(lambda: len(own.record.rows("missing")) > rounds + 1, "one more round")
    assert own.record.told(hopeless.review_key).count("review") == 1


def test_finished_work_is_dropped_after_its_days_and_the_delivery_forgotten(house: Builds) -> None:
    own = house(keep_days=2 / 86400)
    own.start_worker()
    pull_request = a_pull_request(questions=1)
    own.want(pull_request)
    own.deliver(guid="old")
    own.await_end(pull_request)
    until(lambda: own.record.told("old", "keep"), "the delivery")
    until(lambda: not own.rows.list_workflows(status=["ENQUEUED", "DELAYED", "PENDING"]), "the end of all of it")
    time.sleep(2.2)
    before = len(own.record.told("all", "tidy"))
    own.rows.trigger_schedule("retention")
    until(lambda: len(own.record.told("all", "tidy")) > before, "the nightly round")
    assert own.runs(pull_request) == []
    assert own.rows.list_workflows(workflow_id_prefix="gh-") == []
    assert own.deliver(guid="old") is True


@pytest.mark.parametrize(
    ("every_s", "expected"),
    [(1, 1), (30, 30), (45, 30), (60, 60), (600, 600), (700, 600), (3600, 3600), (10**6, 86400)],
)
def test_a_schedule_fires_evenly_and_no_more_rarely_than_asked(every_s: int, expected: int) -> None:
    rounds = croniter(cron(every_s), datetime(2026, 11, 22, tzinfo=UTC), second_at_beginning=True)
    times = [rounds.get_next(float) for _ in range(200)]
    assert {later - earlier for earlier, later in itertools.pairwise(times)} == {expected}


def test_a_worker_takes_over_no_round_of_another(embedded: Builds) -> None:
    own = embedded(reconcile_every_s=2, reap_after_s=PATIENCE_S)  # nobody dies: who is slow is not taken for dead
    for slot in ("1", "2"):
        own.begin_worker(slot)
    for worker in own.workers:
        worker.await_ready()
    time.sleep(5)
    looked = len(own.record.rows("missing"))
    fired = [run.workflow_id for run in own.rows.list_workflows(workflow_id_prefix="sched-reconcile")]
    starts = own.rows.list_workflows(workflow_id_prefix="reconcile:start")
    assert looked <= len(fired) + len(starts)
    assert len(fired) == len(set(fired))
