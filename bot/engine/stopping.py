"""Stopping what waits or runs for a pull request. A cancelled run takes no further step, not even to end its check:
that is left to errands."""

from typing import Any

from dbos import DBOS

from bot.domain import PullRequest
from bot.engine import names
from bot.engine.enqueueing import enqueue_errand
from bot.engine.names import Run
from bot.engine.register import found_of
from bot.engine.station import Station
from bot.engine.steps import durable_step

ENDED = "ended"
UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
WAITING = ["ENQUEUED", "DELAYED"]
_RUNS = ((names.REVIEW, UNFINISHED), (names.FOLLOWUP, UNFINISHED), (names.MODEL, WAITING))
SECOND_LOOK = 1.5
"""Times `engine.reap_after_s`: a step that was under way when its run was cancelled may still show the check; by then
it is over, or its worker is given up."""

Stopped = list[tuple[str, str]]
"""Ids of work, each with its status when it was found."""


def stoppable(pull_request: PullRequest, spare: str | None) -> Stopped:
    """Waits for quiet, reviews, follow-ups and waiting model calls, except those of the head spared."""
    settles = [] if spare else [(names.settles_of(pull_request), WAITING)]
    runs = [(names.runs_of(kind, pull_request), statuses) for kind, statuses in _RUNS]
    return [(work_id, status) for work_id, status in found_of(*settles, *runs) if not _is_of(spare, work_id)]


def _is_of(review_key: str | None, work_id: str) -> bool:
    return bool(review_key) and f":{review_key}~" in work_id


def stop(station: Station, work: Stopped, pull_request: PullRequest, reason: str, keeps_head: bool) -> None:
    """Cancels the work and has the checks of its reviews ended with the reason; `keeps_head`: except the check of this
    head, which the next review takes over.

    Only for use inside a workflow, with work that a durable step has found: killed in between, it goes on with the
    same.
    """
    if not work:
        return
    durable_step("stop", lambda: DBOS.cancel_workflows([work_id for work_id, _ in work]))
    for work_id, status in work:
        if not work_id.startswith(f"{names.REVIEW}:"):
            continue
        base_sha, head_sha = names.commits_of(Run.parse(work_id).review_key)
        if keeps_head and head_sha == pull_request.head_sha:
            continue
        stopped = pull_request.model_copy(update={"base_sha": base_sha, "head_sha": head_sha})
        have_check_ended(stopped, work_id, reason)
        if status == "PENDING":
            delay_s = SECOND_LOOK * station.settings.engine.reap_after_s
            have_check_ended(stopped, f"{work_id}-again", reason, delay_s)


def have_check_ended(pull_request: PullRequest, cause: str, reason: str, delay_s: float = 0) -> None:
    """Sees to it that the check of this head does not stay in progress."""
    enqueue_errand(ENDED, cause, {"pull_request": pull_request.to_json(), "reason": reason}, delay_s=delay_s)


def end_check(station: Station, cause: str, values: dict[str, Any]) -> None:
    """The errand. A head that has a review under way again is left to it."""
    stopped = PullRequest.from_json(values["pull_request"])
    if not durable_step("is it reviewed", lambda: _is_reviewed(stopped, cause)):
        durable_step("end check", lambda: station.story.end_check(stopped, values["reason"]))


def _is_reviewed(pull_request: PullRequest, but: str) -> bool:
    reviews = found_of((names.runs_of(names.REVIEW, pull_request), UNFINISHED))
    heads = (names.commits_of(Run.parse(run_id).review_key)[1] for run_id, _ in reviews if run_id != but)
    return pull_request.head_sha in heads
