"""How runs end: later, given up, degraded; and what the model answers."""

import time
from collections.abc import Iterator

import pytest

from bot.domain import PullRequestNoted
from tests.engine.conftest import PATIENCE_S, House, a_pull_request, until


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """On SQLite alone: nothing here depends on the database."""
    house = House(tmp_path_factory.mktemp("endings"))
    house.start_worker()
    yield house
    house.close()


def test_later_is_tried_again_and_then_done(shared: House) -> None:
    pull_request = a_pull_request(ends=["later", "later", "done"])
    shared.want(pull_request)
    until(lambda: shared.record.told(pull_request.review_key, "publish"), "the third attempt")
    assert len(shared.record.rows("review", pull_request.review_key)) == 3
    assert {detail["generation"] for *_, detail in shared.record.rows("review", pull_request.review_key)} == {0}


def test_what_can_be_tried_again_is_given_up_after_the_last_attempt_once(shared: House) -> None:
    pull_request = a_pull_request(ends=["unpublishable"])
    shared.want(pull_request)
    until(lambda: shared.record.told(pull_request.review_key, "give up"), "the end")
    time.sleep(0.5)
    told = shared.record.told(pull_request.review_key)
    assert (told.count("review"), told.count("give up"), told.count("publish")) == (3, 1, 0)
    assert shared.record.rows("give up", pull_request.review_key)[0][3] == "502 from the host"


def test_a_rate_limit_is_waited_for(shared: House) -> None:
    pull_request = a_pull_request(ends=["rate-limited", "done"])
    shared.want(pull_request)
    until(lambda: shared.record.told(pull_request.review_key, "publish"), "the second attempt")
    first, second = (at for at, *_ in shared.record.rows("review", pull_request.review_key))
    assert second - first >= 0.5


def test_a_fault_of_our_own_is_given_up_at_once(shared: House) -> None:
    pull_request = a_pull_request(ends=["boom"])
    shared.want(pull_request)
    until(lambda: shared.record.told(pull_request.review_key, "give up"), "the end")
    assert shared.await_end(pull_request)["state"] == "gave-up"
    assert shared.record.told(pull_request.review_key).count("review") == 1


def test_answers_come_in_the_order_of_the_questions(shared: House) -> None:
    pull_request = a_pull_request(questions=3, model_s=0.2)
    shared.want(pull_request)
    shared.await_end(pull_request)
    answers = shared.record.rows("answers", pull_request.review_key)[0][3]
    assert [answer["answer"] for answer in answers] == [10, 20, 30]


def test_a_finished_model_call_is_not_repeated_by_a_later_attempt(shared: House) -> None:
    pull_request = a_pull_request(questions=2, ends=["later", "done"])
    shared.want(pull_request)
    until(lambda: shared.record.told(pull_request.review_key, "publish"), "the second attempt")
    assert len(shared.record.rows("model", pull_request.review_key)) == 2
    assert len(shared.record.rows("answers", pull_request.review_key)) == 2


def test_after_a_degraded_review_the_models_part_follows_and_asks_only_what_is_open(shared: House) -> None:
    pull_request = a_pull_request(questions=2, model_misses=1)
    shared.want(pull_request)
    assert shared.await_end(pull_request)["state"] == "degraded"
    until(lambda: shared.record.told(pull_request.review_key, "publish late"), "the follow-up")
    told = shared.record.told(pull_request.review_key)
    assert (told.count("publish"), told.count("model"), told.count("model answered")) == (1, 3, 2)


def test_follow_ups_end_when_the_model_never_comes_back(shared: House) -> None:
    pull_request = a_pull_request(questions=1, model_misses=99, late_ends=["degraded"])
    shared.want(pull_request)

    def has_ended() -> bool:
        return any((run.output or {}).get("state") == "gave-up" for run in shared.runs(pull_request, "followup"))

    until(has_ended, "the last follow-up")
    assert len(shared.runs(pull_request, "followup")) == 3
    assert "give up" not in shared.record.told(pull_request.review_key)


def test_a_follow_up_does_not_run_once_there_is_a_newer_head(shared: House) -> None:
    old = a_pull_request("1", questions=1, model_misses=99, later_by_s=PATIENCE_S)
    new = old.model_copy(update={"head_sha": "2" * 40, "title": "{}"})
    shared.want(old)
    assert shared.await_end(old)["state"] == "degraded"
    shared.want(new)
    shared.await_end(new)
    assert [run.status for run in shared.runs(old, "followup")] == ["CANCELLED"]


def test_a_model_call_that_breaks_leaves_a_degraded_review(shared: House) -> None:
    pull_request = a_pull_request(questions=1, model_breaks=True)
    shared.want(pull_request)
    end = shared.await_end(pull_request)
    assert end["state"] == "degraded"
    assert "broke" in end["reason"]


def test_a_stopped_review_neither_asks_nor_publishes_and_its_waiting_calls_are_dropped(shared: House) -> None:
    pull_request = a_pull_request(questions=12, holds=["model"])
    shared.want(pull_request)
    until(lambda: shared.record.told(pull_request.review_key, "model"), "the first call")
    shared.deliver(
        PullRequestNoted(pull_request=pull_request, event="closed", at="2026-11-22T00:00:00Z", stops_review=True)
    )
    assert shared.await_end(pull_request)["state"] == "CANCELLED"
    shared.let_go(pull_request)
    time.sleep(1.2)
    told = shared.record.told(pull_request.review_key)
    assert told.count("model") < 12
    assert not {"publish", "answers"} & set(told)
