"""From deliveries to reviews: which review runs, how often, and which is stopped."""

import time

from bot.domain import (
    CheckRerequested,
    InstallationChanged,
    MergeGroupQueued,
    PullRequestNoted,
    RepositoryChanged,
    ReviewWanted,
)
from tests.engine.conftest import PATIENCE_S, Builds, House, a_pull_request, until
from tests.engine.recording import a_repository


def test_an_opened_pull_request_is_reviewed_at_once(shared: House) -> None:
    pull_request = a_pull_request(steps=2)
    shared.want(pull_request)
    assert shared.await_end(pull_request) == {"state": "done", "reason": "as told: done"}
    assert shared.record.told(pull_request.review_key) == ["review", "s1", "s2", "publish"]


def test_an_opened_pull_request_does_not_wait_for_quiet(house: Builds) -> None:
    own = house(quiet_s=2 * PATIENCE_S, quiet_cap_s=4 * PATIENCE_S)
    own.start_worker()
    pull_request = a_pull_request()
    own.want(pull_request)
    assert own.await_end(pull_request)["state"] == "done"


def test_five_pushes_in_a_row_make_one_review_of_the_last_head(house: Builds) -> None:
    own = house(quiet_s=5.0, quiet_cap_s=60.0)
    heads = [a_pull_request(head, number=77, repository=7700) for head in "12345"]
    for head in heads:  # they wait already: however slow the machine, they are taken in one right after the other
        own.want(head, "pushed")
        time.sleep(0.002)
    own.start_worker()
    assert own.await_end(heads[-1])["state"] == "done"
    assert [whom for _, _, whom, _ in own.record.rows("review", "7700#77@%")] == [heads[-1].review_key]


def test_pushes_without_end_are_reviewed_when_the_cap_is_reached(house: Builds) -> None:
    own = house(quiet_s=5.0, quiet_cap_s=7.0)
    own.start_worker()
    begun = time.time()
    for index in range(100, 1000):
        own.want(a_pull_request(f"{index}", number=78, repository=7800), "pushed")
        time.sleep(0.25)
        if reviews := own.record.rows("review", "7800#78@%"):
            break
    assert reviews[0][0] - begun > 6.5


def test_a_newer_head_stops_the_review_of_the_older_one(shared: House) -> None:
    old, new = (a_pull_request(head, number=79, repository=7900, steps=2, questions=1, holds=["s1"]) for head in "12")
    shared.want(old)
    shared.await_step(old)
    shared.let_go(new)
    shared.want(new)
    assert shared.await_end(new)["state"] == "done"
    assert shared.await_end(old)["state"] == "CANCELLED"
    shared.let_go(old)
    until(lambda: shared.record.told(old.review_key, "end check"), "the end of its check")
    assert not {"s2", "model", "publish"} & set(shared.record.told(old.review_key))
    assert shared.record.rows("end check", old.review_key)[0][3] == f"superseded by {new.head_sha[:10]}"
    assert shared.record.told(new.review_key, "end check") == []


def test_a_push_stops_the_review_of_the_older_head_before_quiet_has_come(house: Builds) -> None:
    own = house(quiet_s=6.0, quiet_cap_s=60.0)
    own.start_worker()
    old = a_pull_request("1", number=80, repository=8000, steps=2, holds=["s1"])
    new = a_pull_request("2", number=80, repository=8000)
    own.want(old)
    own.await_step(old)
    own.want(new, "pushed")
    assert own.await_end(old)["state"] == "CANCELLED"
    own.let_go(old)
    assert own.await_end(new)["state"] == "done"
    (stopped,) = (run for run in own.runs(old) if run.status == "CANCELLED")
    assert own.record.rows("review", new.review_key)[0][0] - (stopped.completed_at or 0) / 1000 > 5.5
    assert "s2" not in own.record.told(old.review_key)


def test_a_draft_that_is_ready_while_its_run_is_still_under_way_is_looked_at_again(shared: House) -> None:
    ready = a_pull_request(holds=["s1"])
    shared.want(ready.model_copy(update={"is_draft": True}))
    shared.await_step(ready)
    shared.await_intake(shared.want(ready, "ready"))
    shared.let_go(ready)
    until(lambda: len(shared.record.rows("publish", ready.review_key)) == 2, "another look")
    assert [run.input["args"][0]["is_draft"] for run in shared.runs(ready) if run.input] == [True, False]
    last, first_end = (
        shared.record.rows("review", ready.review_key)[1],
        shared.record.rows("publish", ready.review_key)[0],
    )
    assert last[0] > first_end[0]  # one after the other


def test_a_head_that_comes_back_after_it_was_stopped_is_reviewed(shared: House) -> None:
    first, second = (a_pull_request(head, number=81, repository=8100, holds=["s1"]) for head in "12")
    shared.want(first)
    shared.await_step(first)
    shared.want(second)
    assert shared.await_end(first)["state"] == "CANCELLED"
    shared.await_step(second)
    shared.want(first)
    assert shared.await_end(second)["state"] == "CANCELLED"
    shared.let_go(first, second)
    until(lambda: shared.record.told(first.review_key, "publish"), "the review of the first head")
    assert [run.workflow_id[-3:] for run in shared.runs(first) if "1111" in run.workflow_id] == ["0.1", "0.2"]


def test_closing_a_pull_request_stops_its_review_and_the_wait_for_quiet(shared: House) -> None:
    running = a_pull_request("1", steps=2, holds=["s1"])
    pushed = running.model_copy(update={"head_sha": "2" * 40})
    shared.want(running)
    shared.await_step(running)
    closed = PullRequestNoted(pull_request=running, event="closed", at="2026-11-22T00:00:00Z", stops_review=True)
    shared.deliver(ReviewWanted(pull_request=pushed, trigger="pushed"), closed)
    assert shared.await_end(running)["state"] == "CANCELLED"
    shared.let_go(running, pushed)
    time.sleep(2.5)
    assert "s2" not in shared.record.told(running.review_key)
    assert shared.record.told(pushed.review_key) == []
    assert shared.record.told(running.key) == ["note"]


def test_a_head_reopened_at_once_keeps_the_check_of_its_new_review(shared: House) -> None:
    pull_request = a_pull_request(steps=2, holds=["s1"])
    shared.want(pull_request)
    shared.await_step(pull_request)
    closed = PullRequestNoted(pull_request=pull_request, event="closed", at="2026-11-22T00:00:00Z", stops_review=True)
    shared.deliver(closed, ReviewWanted(pull_request=pull_request, trigger="reopened"))
    looks = f"errand:ended:review:{pull_request.review_key}"

    def has_looked_twice() -> bool:
        return [run.status for run in shared.rows.list_workflows(workflow_id_prefix=looks)] == ["SUCCESS", "SUCCESS"]

    until(has_looked_twice, "both looks at the check of the stopped review")
    shared.let_go(pull_request)
    until(lambda: "publish" in shared.record.told(pull_request.review_key), "the second review")
    told = shared.record.told(pull_request.review_key)
    assert "end check" not in told[told.index("review", 1) :]


def test_what_stops_no_review_is_noted_beside_it(shared: House) -> None:
    pull_request = a_pull_request(steps=2, step_s=0.2)
    labelled = PullRequestNoted(pull_request=pull_request, event="labeled", at="2026-11-22T00:00:00Z")
    shared.deliver(ReviewWanted(pull_request=pull_request, trigger="opened"), labelled)
    assert shared.await_end(pull_request)["state"] == "done"
    assert shared.record.told(pull_request.key) == ["note"]


def test_a_second_wish_while_the_review_runs_changes_nothing(shared: House) -> None:
    pull_request = a_pull_request(steps=2, holds=["s1"])
    shared.want(pull_request)
    shared.await_step(pull_request)
    for guid in [*(shared.want(pull_request) for _ in range(2)), shared.want(pull_request, "command")]:
        shared.await_intake(guid)
    shared.let_go(pull_request)
    shared.await_end(pull_request)
    assert len(shared.runs(pull_request)) == 1


def test_pressing_re_run_makes_one_more_review_once_the_host_answers(shared: House) -> None:
    pull_request = a_pull_request()
    shared.want(pull_request)
    shared.await_end(pull_request)
    job = CheckRerequested(
        repository=pull_request.repository, head_sha=pull_request.head_sha, numbers=(pull_request.number,)
    )
    shared.record.set_stage(f"open:{pull_request.key}", pull_request.to_json())
    shared.record.set_stage("resolve fails", {f"{pull_request.repository.id}@{pull_request.head_sha}": 2})
    shared.deliver(job)
    until(lambda: len(shared.record.told(pull_request.review_key, "publish")) == 2, "a second review")
    generations = [detail["generation"] for *_, detail in shared.record.rows("review", pull_request.review_key)]
    assert generations == [0, 1]


def test_a_re_run_of_a_review_whose_work_is_dropped_already_is_one_more_review(shared: House) -> None:
    pull_request = a_pull_request()
    shared.want(pull_request, "rerequested")
    shared.await_end(pull_request)
    ((*_, detail),) = shared.record.rows("review", pull_request.review_key)
    assert detail["generation"] == 1, "0 would find the head's receipt and end"


def test_a_superseded_review_hands_over_to_the_head_that_is_there_now(shared: House) -> None:
    stale = a_pull_request("1", ends=["superseded"])
    current = stale.model_copy(update={"head_sha": "2" * 40, "title": "{}"})
    shared.record.set_stage(f"open:{stale.key}", current.to_json())
    shared.want(stale)
    assert shared.await_end(stale)["state"] == "superseded"
    until(lambda: shared.record.told(current.review_key, "publish"), "the review of the newer head")


def test_jobs_that_are_no_review_reach_the_story(shared: House) -> None:
    repository = a_repository(8800)
    shared.deliver(
        InstallationChanged(installation_id=1, action="created"),
        RepositoryChanged(repository=repository, action="renamed"),
        MergeGroupQueued(repository=repository, head_sha="e" * 40, head_ref="queue", base_sha="f" * 40),
    )
    until(lambda: shared.record.told("e" * 40, "merge group"), "the merge group")
    assert shared.record.told("installation", "note")
    assert shared.record.told("repository", "note")


def test_deliveries_of_one_pull_request_are_taken_in_as_they_came(house: Builds) -> None:
    own = house()
    pull_request = a_pull_request(number=90, repository=9000)
    guids = [f"order-{9 - index}" for index in range(10)]
    for guid in guids:
        event = PullRequestNoted(pull_request=pull_request, event=guid, at="2026-11-22T00:00:00Z")
        own.deliver(event, guid=guid)
        time.sleep(0.002)
    own.start_worker()
    until(lambda: len(own.record.rows("keep")) == len(guids), "all deliveries")
    assert [whom for _, _, whom, _ in own.record.rows("keep")] == guids
