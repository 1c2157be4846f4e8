"""The workflow `command`: heard, answered, done, and told where it was given, each once whatever crashes in between."""

import logging
from typing import Any

from dbos import DBOS

from bot.domain import Answer, CancelReviews, CommandGiven, PullRequest, Reply, StartReview, Words
from bot.engine import names
from bot.engine.enqueueing import enqueue_command, enqueue_errand
from bot.engine.placing import is_under_way, place_review, stop_reviews
from bot.engine.station import Station
from bot.engine.steps import durable_step, is_worth_retrying, reason_of
from bot.review.filter import literal

log = logging.getLogger(__name__)

DELIVER = "deliver"
TELL_END = "tell-end"
COMMAND_RECOVERIES = 5
"""A question to the model that was under way when its worker died is asked again, and paid again; so not often."""


def define_commanding(station: Station) -> None:
    """Registers the workflow under its frozen name. Its result is the reply, for a transport that waits for it."""

    @DBOS.workflow(name=names.COMMAND, max_recovery_attempts=COMMAND_RECOVERIES)
    def command(values: dict[str, Any]) -> dict[str, Any]:
        given = CommandGiven.from_json(values["given"])
        with station.activity.working():
            return _carry_out(station, given, values["tries"])


def _carry_out(station: Station, given: CommandGiven, tries: int) -> dict[str, Any]:
    _try_to(lambda: durable_step("hear", station.talk.hear, given), f"{given.run_id} could not be acknowledged")
    try:
        answer = Answer.from_json(durable_step("answer", lambda: _answer(station, given)))
    except Exception as failure:
        if is_worth_retrying(failure) and not station.patience.command.is_over(tries):
            delay_s = station.patience.command.wait_s(tries, station.dice, getattr(failure, "retry_after_s", None))
            enqueue_command(given, tries + 1, delay_s)
            return {}
        log.exception("command %s failed: %s", given.run_id, reason_of(failure))
        answer = _failed(given, reason_of(failure))
    for want in answer.wants:
        match want:
            case StartReview():
                place_review(station, want.pull_request, "command")
            case CancelReviews():
                stop_reviews(station, want.pull_request)
    if _was_fetched(station, given, answer):
        return answer.reply.to_json()
    try:
        durable_step("deliver", station.talk.deliver, given, answer)
    except Exception as failure:
        values = {"given": given.to_json(), "answer": answer.to_json()}
        asked_s = getattr(failure, "retry_after_s", None)
        if is_worth_retrying(failure):
            delay_s = station.patience.errand.wait_s(1, station.dice, asked_s)
            enqueue_errand(DELIVER, given.run_id, values, 2, delay_s)
        else:
            log.exception("the answer to %s could not be delivered: %s", given.run_id, reason_of(failure))
    return answer.reply.to_json()


def _was_fetched(station: Station, given: CommandGiven, answer: Answer) -> bool:
    """Some systems take an answer only from the request that asked: there it is laid out for a few seconds."""
    left_s = durable_step("may be fetched", station.talk.fetched_within_s, given)
    if not left_s:
        return False
    DBOS.set_event(names.ANSWER, answer.reply.to_json())
    return bool(DBOS.recv(names.FETCHED, timeout_seconds=left_s))


def _answer(station: Station, given: CommandGiven) -> dict[str, Any]:
    repository, number = given.place.repository, given.place.number
    # In chat the pull request stands somewhere in the words, which only the answer understands.
    under_way = is_under_way(f"{repository.id}#{number}" if repository and number else "")
    return station.talk.answer(given, under_way).to_json()


def deliver_again(station: Station, _cause: str, values: dict[str, Any]) -> None:
    """The errand of an answer that could not be delivered at first."""
    given, answer = CommandGiven.from_json(values["given"]), Answer.from_json(values["answer"])
    durable_step("deliver", station.talk.deliver, given, answer)


def tell_end(station: Station, _cause: str, values: dict[str, Any]) -> None:
    """The errand that tells one listener how a review ended."""
    pull_request = PullRequest.from_json(values["pull_request"])
    durable_step("tell", station.talk.tell, values["listener"], pull_request, values["state"], values["reason"])


def tell_whoever_listens(station: Station, pull_request: PullRequest, run_id: str, outcome: dict[str, Any]) -> None:
    """The last thing a review's workflow does: no step of its own, so that what nobody waits for costs nothing."""
    try:
        listeners = station.talk.listeners(pull_request)
    except Exception as failure:  # noqa: BLE001 — the review itself is done and recorded
        log.warning("who listens to %s is not known: %s", run_id, reason_of(failure))
        return
    for name, listener in listeners.items():
        values = {"pull_request": pull_request.to_json(), "listener": listener} | outcome
        enqueue_errand(TELL_END, f"{run_id}:{name}", values)


def _try_to(do: Any, otherwise: str) -> None:
    try:
        do()
    except Exception as failure:  # noqa: BLE001 — an acknowledgement is a courtesy, the answer is the promise
        log.warning("%s: %s", otherwise, reason_of(failure))


def _failed(given: CommandGiven, reason: str) -> Answer:
    words = Words(text=f"This did not work: {literal(reason)} The log of the worker has it under `{given.run_id}`.")
    return Answer(reply=Reply(state="failed", title="Something went wrong", parts=(words,), run_id=given.run_id))
