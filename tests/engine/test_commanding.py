"""Commands: each carried out once and answered once, whatever breaks; and whoever asked for a review hears its end."""

import itertools
import json
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain import CommandGiven, Person, Place, PullRequest, PullRequestNoted, ReplyNoted, ThreadNoted
from bot.engine import names
from tests.engine.conftest import PATIENCE_S, Builds, House, a_pull_request, until
from tests.engine.recording import a_repository

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """On SQLite alone: nothing here depends on the database."""
    house = House(tmp_path_factory.mktemp("commands"))
    house.start_worker()
    yield house
    house.close()


def a_command(who: str = "dana", number: int = 0, **script: Any) -> CommandGiven:
    """In a pull request's thread; `script` is how it goes, see recording_talk."""
    number = number or next(_numbers)
    return CommandGiven(
        id=f"github-issue-comment-{next(_numbers)}-{number}",
        text=json.dumps(script),
        person=Person(transport="github", id=who),
        place=Place(transport="github", repository=a_repository(number), number=number, message="1"),
        at="2026-11-22T00:00:00Z",
    )


def test_a_command_is_heard_answered_and_told_once(shared: House) -> None:
    given = a_command()
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    assert shared.record.told(given.id) == ["hear", "answer", "deliver", "delivered"]


def test_the_same_command_in_a_second_delivery_is_not_carried_out_again(shared: House) -> None:
    given = a_command()
    shared.deliver(given)
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    time.sleep(0.5)
    assert shared.record.told(given.id).count("answer") == 1


def test_a_command_that_cannot_be_acknowledged_is_answered_all_the_same(shared: House) -> None:
    given = a_command(hear_fails=9)
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")


def test_a_ledger_that_is_away_for_a_moment_delays_the_answer(shared: House) -> None:
    given = a_command(answer_fails=2)
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    assert shared.record.told(given.id, "answer") == ["answer"] * 3


def test_a_fault_of_our_own_is_told_to_the_asker(shared: House) -> None:
    given = a_command(answer_breaks=True)
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    assert shared.record.rows("deliver", given.id)[0][3] == "failed"


def test_words_that_could_not_be_delivered_are_delivered_later_without_answering_anew(shared: House) -> None:
    given = a_command(deliver_fails=2)
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    assert shared.record.told(given.id).count("answer") == 1
    assert shared.record.told(given.id).count("deliver") == 3


def test_one_person_waits_for_his_own_commands_and_for_nobody_elses(shared: House) -> None:
    slow, next_one, other = a_command("ada", holds=True), a_command("ada"), a_command("ben")
    for given in (slow, next_one, other):
        shared.deliver(given)
    until(lambda: shared.record.told(slow.id, "answer"), "the first to be under way")
    until(lambda: shared.record.told(other.id, "delivered"), "the other's answer")
    assert shared.record.told(next_one.id) == []
    shared.record.let_go(slow.id)
    until(lambda: shared.record.told(next_one.id, "delivered"), "the next answer")
    delivered, heard = shared.record.rows("delivered", slow.id)[0], shared.record.rows("hear", next_one.id)[0]
    assert delivered[0] < heard[0]


def test_a_review_that_is_asked_for_runs_and_its_end_is_told_to_those_who_wait(shared: House) -> None:
    pull_request = a_pull_request()
    shared.record.set_stage(f"listeners:{pull_request.review_key}", ["ada", "deaf", "ben"])
    shared.deliver(a_command(number=pull_request.number, review=pull_request.to_json()))
    until(lambda: len(shared.record.told(pull_request.review_key, "told end")) >= 4, "word of the end")
    told = [detail for *_, detail in shared.record.rows("told end", pull_request.review_key)]
    assert {tuple(detail[1:]) for detail in told} == {("done", "as told: done")}
    assert sorted(detail[0] for detail in told) == ["ada", "ben", "deaf", "deaf"], "only who did not hear is told again"


def test_a_review_nobody_asked_for_tells_nobody(shared: House) -> None:
    pull_request = a_pull_request()
    shared.want(pull_request)
    shared.await_end(pull_request)
    time.sleep(0.5)
    assert shared.record.told(pull_request.review_key, "told end") == []


def test_an_answer_knows_which_reviews_are_under_way_and_can_stop_them(shared: House) -> None:
    pull_request = a_pull_request(holds=["s1"])
    shared.want(pull_request)
    shared.await_step(pull_request)
    given = a_command(number=pull_request.number, cancel=pull_request.to_json())
    given = given.model_copy(update={"place": given.place.model_copy(update={"repository": pull_request.repository})})
    shared.deliver(given)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    (under_way,) = shared.record.rows("answer", given.id)[0][3]
    assert under_way.startswith(f"review:{pull_request.review_key}~")
    assert shared.await_end(pull_request) == {"state": "CANCELLED"}
    shared.let_go(pull_request)


def test_replies_and_threads_are_written_down_with_their_delivery(shared: House) -> None:
    where = {"repository": a_repository(4711), "number": 5, "at": "2026-11-22T00:00:00Z"}
    reply = ReplyNoted(**where, comment_id=2, in_reply_to=1, author="dana", body="No.")
    thread = ThreadNoted(**where, comment_ids=(1, 2), is_resolved=True, actor="dana")
    shared.deliver(reply, thread)
    until(lambda: len(shared.record.rows("noted", "4711#5")) == 2, "both notes")


def test_a_pull_request_that_closes_is_swept_at_once(shared: House) -> None:
    closed = a_pull_request().model_copy(update={"is_open": False})
    noted = PullRequestNoted(pull_request=closed, event="merged", at="2026-11-22T00:00:00Z", stops_review=True)
    shared.deliver(noted)
    until(lambda: shared.record.told(closed.key, "sweep"), "the sweep")


def test_open_pull_requests_are_swept_from_time_to_time(tmp_path: Any) -> None:
    house = House(tmp_path, sweep_every_s=2)
    swept: PullRequest = a_pull_request()
    house.record.set_stage("to sweep", [swept.to_json()])
    house.record.set_stage("summaries", {"2026-W47:shop": {"channel": "shop"}})
    try:
        house.start_worker()
        until(lambda: len(house.record.told(swept.key, "sweep")) >= 2, "two sweeps")
        until(lambda: house.record.told("shop", "told summary"), "the summary")
        assert house.record.told("shop", "summary") == ["summary"], "a week is told once"
    finally:
        house.close()


@pytest.mark.parametrize("where", ["answer", "deliver"])
def test_a_command_survives_the_death_of_its_worker(house: Builds, where: str) -> None:
    home = house()
    worker = home.start_worker()
    given = a_command(dies_at=where)
    home.deliver(given)
    assert worker.await_exit() == -signal.SIGKILL
    home.start_worker()
    until(lambda: home.record.told(given.id, "delivered"), "the answer")
    assert home.record.told(given.id).count("answer") == (2 if where == "answer" else 1)
    assert home.record.told(given.id, "delivered") == ["delivered"]


def test_a_command_from_the_edge_is_known_the_second_time(shared: House) -> None:
    given = a_command()
    assert [shared.client.command(given), shared.client.command(given)] == [True, False]
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")
    assert shared.record.told(given.id).count("answer") == 1


def test_an_answer_that_the_edge_fetches_is_delivered_nowhere_else(shared: House) -> None:
    given = a_command(fetched_within_s=2 * PATIENCE_S)
    shared.client.command(given)
    reply = shared.client.await_answer(given.id, timeout_s=PATIENCE_S)
    assert reply is not None
    assert reply.run_id == given.run_id
    shared.await_success(names.command_id(given.id))
    assert shared.record.told(given.id, "deliver") == []


def test_an_answer_that_comes_too_late_for_the_edge_is_delivered(shared: House) -> None:
    given = a_command(holds=True, fetched_within_s=0.5)
    shared.client.command(given)
    assert shared.client.await_answer(given.id, timeout_s=0.3) is None
    shared.record.let_go(given.id)
    until(lambda: shared.record.told(given.id, "delivered"), "the answer")


def test_a_command_waits_out_a_worker_that_is_away(house: Builds) -> None:
    home = house()
    given = a_command()
    assert home.client.command(given)
    assert home.client.await_answer(given.id, timeout_s=0.2) is None
    home.start_worker()
    until(lambda: home.record.told(given.id, "delivered"), "the answer")
