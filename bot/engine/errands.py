"""The workflow `errand`: what must reach the host, or be asked of it, and is no review. Tried again while it fails."""

import logging
from typing import Any

from dbos import DBOS

from bot.domain import CheckRerequested, MergeGroupQueued, PullRequest, ReviewWanted
from bot.engine import names
from bot.engine.commanding import DELIVER, TELL_END, deliver_again, tell_end
from bot.engine.drafts import draft_rule
from bot.engine.enqueueing import DRAFT, enqueue_errand
from bot.engine.placing import GAVE_UP, is_awaited, place_push, place_review
from bot.engine.station import Station
from bot.engine.steps import durable_step, is_worth_retrying, reason_of
from bot.engine.stopping import ENDED, end_check
from bot.engine.sweeping import SWEEP, sweep_one
from bot.engine.weeks import SUMMARY, tell_summary

log = logging.getLogger(__name__)

HANDOVER = "handover"
RERUN = "rerun"
MERGE_GROUP = "merge-group"


def define_errands(station: Station) -> None:
    """Registers the workflow under its frozen name."""

    @DBOS.workflow(name=names.ERRAND)
    def errand(kind: str, cause: str, values: dict[str, Any], tries: int) -> str:
        with station.activity.working():
            try:
                _ERRANDS[kind](station, cause, values)
            except Exception as failure:
                backoff = station.patience.summary if kind == SUMMARY else station.patience.errand
                if not is_worth_retrying(failure) or backoff.is_over(tries):
                    log.exception("errand %s for %s failed: %s", kind, cause, reason_of(failure))
                    return "failed"
                delay_s = backoff.wait_s(tries, station.dice, getattr(failure, "retry_after_s", None))
                enqueue_errand(kind, cause, values, tries + 1, delay_s)
                return "later"
            return "done"


def _rerun(station: Station, _cause: str, values: dict[str, Any]) -> None:
    """Somebody pressed "Re-run": one more review of each pull request that is meant."""
    for pull_request in _resolved(station, values["job"]):
        place_review(station, pull_request, "rerequested")


def _handover(station: Station, cause: str, values: dict[str, Any]) -> None:
    """A review found a newer head: see to it that this head gets its own, should its delivery be lost or late."""
    old = PullRequest.from_json(values["pull_request"])
    if durable_step("is it awaited", lambda: is_awaited(old)):
        return
    for pull_request in _resolved(station, values["job"]):
        if pull_request.review_key != old.review_key:
            place_push(station, ReviewWanted(pull_request=pull_request, trigger="pushed"), cause)


def _merge_group(station: Station, _cause: str, values: dict[str, Any]) -> None:
    job = MergeGroupQueued.from_json(values["job"])
    durable_step("merge group", lambda: station.story.merge_group(job))


def _give_up(station: Station, _cause: str, values: dict[str, Any]) -> None:
    pull_request = PullRequest.from_json(values["pull_request"])
    durable_step("give up", lambda: station.story.give_up(pull_request, values["reason"]))


_ERRANDS = {
    RERUN: _rerun,
    HANDOVER: _handover,
    MERGE_GROUP: _merge_group,
    GAVE_UP: _give_up,
    DELIVER: deliver_again,
    TELL_END: tell_end,
    SWEEP: sweep_one,
    SUMMARY: tell_summary,
    ENDED: end_check,
    DRAFT: draft_rule,
}


def _resolved(station: Station, job: dict[str, Any]) -> list[PullRequest]:
    meant = CheckRerequested.from_json(job)
    found = durable_step("resolve", lambda: [each.to_json() for each in station.story.resolve(meant)])
    return [PullRequest.from_json(values) for values in found]
