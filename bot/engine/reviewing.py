"""The workflows `review` and `followup`: run the story, and see to what its end asks for."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from dbos import DBOS
from dbos import error as engine_errors

from bot.domain import CheckRerequested, PullRequest, ReviewEnd
from bot.engine import names
from bot.engine.asking import ask_model
from bot.engine.commanding import tell_whoever_listens
from bot.engine.enqueueing import LATER, SOON, enqueue_errand, enqueue_review
from bot.engine.errands import HANDOVER
from bot.engine.names import Run
from bot.engine.patience import Backoff
from bot.engine.placing import GAVE_UP
from bot.engine.station import Station
from bot.engine.steps import TimedSteps, is_worth_retrying, reason_of
from bot.engine.stopping import have_check_ended
from bot.errors import Superseded

log = logging.getLogger(__name__)

Outcome = dict[str, Any]
"""`{"state": …, "reason": …}`: how a run ended, in the story's words, `gave-up` or `failed`."""


def define_reviewing(station: Station) -> None:
    """Registers the workflows under their frozen names."""

    recoveries = station.patience.recoveries

    @DBOS.workflow(name=names.REVIEW, max_recovery_attempts=recoveries)
    def review(values: dict[str, Any], generation: int, attempt: int, tries: int) -> Outcome:
        pull_request = PullRequest.from_json(values)
        run = Run(names.REVIEW, pull_request.review_key, generation, attempt)
        with station.activity.working():
            outcome = _review(station, pull_request, run, tries)
            if outcome["state"] != "later":
                tell_whoever_listens(station, pull_request, run.id, outcome)
            return outcome

    @DBOS.workflow(name=names.FOLLOWUP, max_recovery_attempts=recoveries)
    def followup(values: dict[str, Any], generation: int, attempt: int, tries: int) -> Outcome:
        pull_request = PullRequest.from_json(values)
        run = Run(names.FOLLOWUP, pull_request.review_key, generation, attempt)
        with station.activity.working():
            return _followup(station, pull_request, run, tries)


def _review(station: Station, pull_request: PullRequest, run: Run, tries: int) -> Outcome:
    end = _told(station, station.story.review, pull_request, run)
    backoff = station.patience.review
    if end is None or (end.state == "later" and backoff.is_over(tries)):
        reason = end.reason if end else "it failed; the log of the worker says how"
        enqueue_errand(GAVE_UP, run.id, {"pull_request": pull_request.to_json(), "reason": reason})
        return {"state": GAVE_UP, "reason": reason}
    if end.state == "later":
        _try_again(station, pull_request, run, tries, backoff, end)
    elif end.state == "degraded":
        first = Run(names.FOLLOWUP, run.review_key, run.generation, 1)
        delay_s = station.patience.followup.wait_s(1, station.dice, end.retry_after_s)
        enqueue_review(pull_request, first, tries=1, delay_s=delay_s, priority=LATER)
    elif end.state == "superseded":
        head = CheckRerequested(
            repository=pull_request.repository, head_sha=pull_request.head_sha, numbers=(pull_request.number,)
        )
        enqueue_errand(HANDOVER, run.id, {"job": head.to_json(), "pull_request": pull_request.to_json()})
        have_check_ended(pull_request, run.id, end.reason)  # an earlier attempt may have shown it
    return {"state": end.state, "reason": end.reason}


def _followup(station: Station, pull_request: PullRequest, run: Run, tries: int) -> Outcome:
    end = _told(station, station.story.followup, pull_request, run)
    if end is None:
        return {"state": "failed", "reason": "it failed; the log of the worker says how"}
    if end.state in ("later", "degraded"):
        backoff = station.patience.followup
        if backoff.is_over(tries):
            log.warning("the model's part of %s never came: %s", run.review_key, end.reason)
            return {"state": GAVE_UP, "reason": end.reason}
        _try_again(station, pull_request, run, tries, backoff, end)
    return {"state": end.state, "reason": end.reason}


def _told(station: Station, tell: Callable[..., ReviewEnd], pull_request: PullRequest, run: Run) -> ReviewEnd | None:
    """How the story ends, its errors included; None where it broke for good."""
    steps = TimedSteps(station.settings.engine.review_timeout_s)

    def ask(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return ask_model(station, pull_request, run, questions, steps.left_s())

    try:
        return tell(pull_request, run.generation, steps, ask)
    except Superseded as stopped:
        return ReviewEnd(state="superseded", reason=reason_of(stopped))
    except engine_errors.DBOSUnexpectedStepError:
        # The run before the crash went another way, because something outside the steps had failed. Begin anew.
        return ReviewEnd(state="later", reason="it was interrupted")
    except Exception as failure:
        if is_worth_retrying(failure):
            asked_s = getattr(failure, "retry_after_s", None)
            return ReviewEnd(state="later", retry_after_s=asked_s, reason=reason_of(failure))
        log.exception("%s failed: %s", run.id, reason_of(failure))
        return None


def _try_again(
    station: Station, pull_request: PullRequest, run: Run, tries: int, backoff: Backoff, end: ReviewEnd
) -> None:
    delay_s = backoff.wait_s(tries, station.dice, end.retry_after_s)
    following = run._replace(attempt=run.attempt + 1)
    priority = LATER if run.kind == names.FOLLOWUP else SOON
    enqueue_review(pull_request, following, tries=tries + 1, delay_s=delay_s, priority=priority)
