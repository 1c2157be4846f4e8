"""Which review a wish for one means: a new one, a further attempt, or none because it is there already."""

import time
from typing import Any

from dbos import DBOS, Debouncer, SetWorkflowID, WorkflowStatus

from bot.domain import PullRequest, ReviewWanted
from bot.domain.jobs import Trigger
from bot.engine import names
from bot.engine.enqueueing import LATER, SOON, enqueue_errand, enqueue_review
from bot.engine.names import Run
from bot.engine.register import found_of
from bot.engine.station import Station
from bot.engine.steps import durable_step
from bot.engine.stopping import UNFINISHED, WAITING, stop, stoppable

FORCED: tuple[Trigger, ...] = ("rerequested", "command")
"""Somebody asked for another review of a head that may have one."""
GAVE_UP = "gave-up"
DEAD = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


def place_review(station: Station, pull_request: PullRequest, trigger: Trigger, looks_again: bool = False) -> None:
    """Enqueues what is wanted and stops the reviews of this pull request's older heads.

    Only for use inside a workflow. `looks_again`: the settings may have changed since, take up what was left alone.
    """
    plan = durable_step("place", lambda: _plan(station, pull_request, trigger, looks_again))
    stop(station, plan["stopped"], pull_request, _superseded_by(pull_request), keeps_head=True)
    if plan["dead"]:
        reason = "its worker died each time it was tried"
        enqueue_errand(GAVE_UP, plan["dead"], {"pull_request": pull_request.to_json(), "reason": reason})
    if plan["run"]:
        priority = LATER if trigger == "reconciled" else SOON
        enqueue_review(pull_request, Run.parse(plan["run"]), tries=1, priority=priority)


def place_push(station: Station, wanted: ReviewWanted, cause: str) -> None:
    """Stops the reviews of older heads and waits for quiet; then the last head pushed is reviewed."""
    pull_request, engine = wanted.pull_request, station.settings.engine
    older = durable_step("older heads", lambda: stoppable(pull_request, spare=pull_request.review_key))
    stop(station, older, pull_request, _superseded_by(pull_request), keeps_head=True)
    if engine.quiet_s == 0:
        place_review(station, pull_request, wanted.trigger)
        return
    with SetWorkflowID(names.settle_id(pull_request, cause)):
        quiet: Debouncer[[dict[str, Any]], None] = Debouncer(
            names.SETTLE, debounce_timeout_sec=engine.quiet_cap_s, queue=names.DEBOUNCE
        )
        quiet.debounce(pull_request.key, engine.quiet_s, pull_request.to_json())


def stop_reviews(station: Station, pull_request: PullRequest) -> None:
    """Cancels all that waits or runs for this pull request: closed, a draft again, or by a command. A run stops at its
    next step."""
    reason = "the pull request is a draft again" if pull_request.is_draft else "somebody cancelled it"
    if not pull_request.is_open:
        reason = "the pull request is closed"
    work = durable_step("reviews", lambda: stoppable(pull_request, spare=None))
    stop(station, work, pull_request, reason, keeps_head=False)


def is_awaited(pull_request: PullRequest) -> bool:
    """True if a review of some head of this pull request, other than this one's, is on its way."""
    settles = _ids(names.settles_of(pull_request), WAITING)
    reviews = _ids(names.runs_of(names.REVIEW, pull_request), UNFINISHED)
    return bool(settles) or any(Run.parse(run_id).review_key != pull_request.review_key for run_id in reviews)


def is_under_way(pull_request_key: str = "") -> list[str]:
    """Ids of the reviews and follow-ups of this pull request, or of all, that wait or run."""
    of = f"{pull_request_key}@" if pull_request_key else ""
    prefixes = (f"{kind}:{of}" for kind in (names.REVIEW, names.FOLLOWUP))
    return [run_id for prefix in prefixes for run_id in _ids(prefix, UNFINISHED)]


def _plan(station: Station, pull_request: PullRequest, trigger: Trigger, looks_again: bool) -> dict[str, Any]:
    runs = DBOS.list_workflows(workflow_id_prefix=f"{names.REVIEW}:{pull_request.review_key}~", load_input=False)
    by_number = sorted(runs, key=lambda status: Run.parse(status.workflow_id))
    last = by_number[-1] if by_number else None
    plan: dict[str, Any] = {"run": None, "dead": None, "stopped": []}
    if trigger in FORCED:
        # Never the head's own: that one would find the receipt of a run whose row is dropped, and do nothing.
        generation = Run.parse(last.workflow_id).generation + 1 if last else 1
        if last and last.status in ("ENQUEUED", "PENDING"):
            return plan
        plan["stopped"] = stoppable(pull_request, spare=None)
        plan["run"] = Run(names.REVIEW, pull_request.review_key, generation, 1).id
        return plan
    plan["stopped"] = stoppable(pull_request, spare=pull_request.review_key)
    if trigger != "ready" and any(status.status in UNFINISHED for status in runs):
        return plan  # one told that it is a draft may end in vain: "ready" gets another, which ends where that did not
    if trigger == "reconciled" and last:
        if last.status == DEAD:
            plan["dead"] = last.workflow_id
        if _is_held(station, by_number, looks_again):
            return plan
    own = [Run.parse(status.workflow_id).attempt for status in runs if Run.parse(status.workflow_id).generation == 0]
    plan["run"] = Run(names.REVIEW, pull_request.review_key, 0, max(own, default=0) + 1).id
    return plan


def _superseded_by(pull_request: PullRequest) -> str:
    return f"superseded by {pull_request.head_sha[:10]}"


def _is_held(station: Station, runs: list[WorkflowStatus], looks_again: bool) -> bool:
    """What was given up, died or was left alone is not taken up at every round, but each time after a longer wait."""
    state = _state(runs[-1])
    if state not in (GAVE_UP, DEAD, "done", "degraded") or (looks_again and state == "done"):
        return False
    in_vain = sum(_state(status) == state for status in runs)
    ended_s = (runs[-1].completed_at or runs[-1].updated_at or 0) / 1000
    hold = station.patience.hold
    return time.time() < ended_s + min(hold.cap_s, hold.first_s * 2.0 ** (in_vain - 1))


def _state(status: WorkflowStatus) -> str:
    """How a run ended, in the story's words where it has any."""
    if status.status == "SUCCESS" and isinstance(status.output, dict):
        return str(status.output.get("state"))
    return status.status


def _ids(prefix: str, statuses: list[str]) -> list[str]:
    return [work_id for work_id, _ in found_of((prefix, statuses))]
