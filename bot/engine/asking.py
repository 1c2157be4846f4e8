"""Questions to the model: each a piece of work of its own, throttled over all workers, and put once."""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from typing import Any

from dbos import DBOS, WorkflowStatus

from bot.domain import PullRequest
from bot.engine import names
from bot.engine.enqueueing import enqueue_call
from bot.engine.names import Run
from bot.engine.register import statuses_of
from bot.engine.station import Station
from bot.engine.steps import durable_step
from bot.engine.stopping import UNFINISHED, WAITING

log = logging.getLogger(__name__)

CALL_RECOVERIES = 5
"""A call under way when its worker died is made again, and paid again; so not often."""
SHARE_OF_TIME = 0.8
"""Of what is left to a review, this much may go by waiting for the model."""
SHARE_BEFORE_ANOTHER = 0.5
"""The same, where what is found will be asked about once more."""

Question = dict[str, Any]
Answer = dict[str, Any]


def define_asking(station: Station) -> None:
    """Registers the workflow under its frozen name."""

    @DBOS.workflow(name=names.MODEL, max_recovery_attempts=CALL_RECOVERIES)
    def model(values: dict[str, Any], question: Question) -> Answer:
        # No step around it: with a single call, the workflow's own result is the checkpoint.
        with station.activity.working():
            return station.story.ask_model(PullRequest.from_json(values), question)


def ask_model(
    station: Station, pull_request: PullRequest, run: Run, questions: Sequence[Question], left_s: float
) -> list[Answer]:
    """The answers, in the order of the questions. A question this head has an answer to is not put again."""
    if not questions:
        return []
    calls: list[str] = durable_step(
        "choose calls", lambda: [_call(run, *numbered) for numbered in enumerate(questions)]
    )
    wait_s = left_s * share_of(questions)
    until = time.time() + wait_s  # told beside the question: put again, it is the same one
    for call_id, question in zip(calls, questions, strict=True):
        enqueue_call(call_id, pull_request, question | {"until": until})
    answers: list[Answer] = durable_step("await the model", lambda: _await(station, run, calls, wait_s))
    return answers


def share_of(questions: Sequence[Question]) -> float:
    """Of the time that is left, what this round may take: less where another round follows."""
    return SHARE_BEFORE_ANOTHER if any(question.get("is_followed") for question in questions) else SHARE_OF_TIME


def _call(run: Run, index: int, question: Question) -> str:
    """The id of the call that answers the question: one there is, or the next number."""
    text = json.dumps(question, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    prefix = names.calls_for(run.review_key, run.generation, index, digest)
    earlier = DBOS.list_workflows(workflow_id_prefix=prefix, load_input=False)
    for status in earlier:
        if status.status in UNFINISHED or _is_answer(status):
            return status.workflow_id
    return f"{prefix}{len(earlier) + 1}"


def _is_answer(status: WorkflowStatus) -> bool:
    return status.status == "SUCCESS" and not (status.output or {}).get("missing_because")


def _await(station: Station, run: Run, calls: list[str], limit_s: float) -> list[Answer]:
    deadline = time.monotonic() + limit_s
    with station.activity.waiting():
        while time.monotonic() < deadline:
            statuses = statuses_of([*calls, run.id])
            if statuses.pop(run.id, None) == "CANCELLED" or not any(map(UNFINISHED.__contains__, statuses.values())):
                break
            time.sleep(station.patience.call_poll_s)
    ended = {status.workflow_id: status for status in DBOS.list_workflows(workflow_ids=calls, load_input=False)}
    waiting = [call_id for call_id, status in ended.items() if status.status in WAITING]
    if waiting:
        DBOS.cancel_workflows(waiting)
    return [_answer(ended.get(call_id)) for call_id in calls]


def _answer(status: WorkflowStatus | None) -> Answer:
    if status is not None and status.status == "SUCCESS":
        return dict(status.output or {})
    if status is not None and status.status in UNFINISHED:
        return {"missing_because": "the model's turn did not come, or its answer, before the review had to end"}
    log.error("a model call broke: %s", status and f"{status.workflow_id} {status.status} {status.error}")
    return {"missing_because": "the call of the model broke; the log of the worker says how"}
