"""Handing work to the queues, from inside other work. Handed in twice under one id, it is done once."""

from typing import Any

from dbos import DBOS, EnqueueOptions

from bot.domain import CommandGiven, PullRequest
from bot.engine import names
from bot.engine.names import Run

SOON = 1
LATER = 10
"""Priorities: the lower comes first. Later is for what nobody waits for."""
DRAFT = "draft-rule"
"""The errand that waits for a model, among its calls: the few places for the others are not held up by it."""


def enqueue_review(pull_request: PullRequest, run: Run, tries: int, delay_s: float = 0, priority: int = SOON) -> None:
    """A review or a follow-up. One repository has one at a time, so that none keeps the others waiting."""
    options = _options(run.kind, names.REVIEW, run.id, delay_s)
    options["queue_partition_key"] = str(pull_request.repository.id)
    options["priority"] = priority
    DBOS.enqueue_workflow_with_options(options, pull_request.to_json(), run.generation, run.attempt, tries)


def enqueue_call(call_id: str, pull_request: PullRequest, question: dict[str, Any]) -> None:
    """A question to the model. One repository's never take all places of a worker."""
    options = _options(names.MODEL, names.MODEL, call_id)
    options["queue_partition_key"] = str(pull_request.repository.id)
    DBOS.enqueue_workflow_with_options(options, pull_request.to_json(), question)


def enqueue_command(given: CommandGiven, tries: int = 1, delay_s: float = 0) -> None:
    """One person's commands are carried out in their order; others pass by."""
    options = _options(names.COMMAND, names.CHAT, names.command_id(given.id, tries), delay_s)
    options["queue_partition_key"] = given.person.key
    DBOS.enqueue_workflow_with_options(options, {"given": given.to_json(), "tries": tries})


def enqueue_errand(kind: str, cause: str, values: dict[str, Any], tries: int = 1, delay_s: float = 0) -> None:
    """Work for the host that is no review. `cause` makes its id: the same errand for the same cause is run once."""
    queue = names.MODEL if kind == DRAFT else names.MAINTENANCE
    options = _options(names.ERRAND, queue, f"{names.ERRAND}:{kind}:{cause}.{tries}", delay_s)
    if queue == names.MODEL:
        options["queue_partition_key"] = str(values["pull_request"]["repository"]["id"])
    DBOS.enqueue_workflow_with_options(options, kind, cause, values, tries)


def _options(workflow: str, queue: str, work_id: str, delay_s: float = 0) -> EnqueueOptions:
    options = EnqueueOptions(workflow_name=workflow, queue_name=queue, workflow_id=work_id)
    if delay_s > 0:
        options["delay_seconds"] = delay_s
    return options
