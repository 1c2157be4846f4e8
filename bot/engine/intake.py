"""The workflows `intake` and `settle`: from a delivery, or from quiet after pushes, to work in the queues."""

import logging
from collections.abc import Callable
from typing import Any

from dbos import DBOS

from bot.domain import (
    CheckRerequested,
    CommandGiven,
    Delivery,
    InstallationChanged,
    Job,
    MergeGroupQueued,
    PullRequest,
    PullRequestNoted,
    ReplyNoted,
    RepositoryChanged,
    ReviewWanted,
    ThreadNoted,
    TimelineNoted,
)
from bot.engine import names
from bot.engine.enqueueing import enqueue_command, enqueue_errand
from bot.engine.errands import MERGE_GROUP, RERUN
from bot.engine.placing import place_push, place_review, stop_reviews
from bot.engine.station import Station
from bot.engine.steps import durable_step, is_worth_retrying, reason_of
from bot.engine.stopping import stoppable
from bot.engine.sweeping import SWEEP

log = logging.getLogger(__name__)

CallsFor = dict[str, bool]
"""`stop`: reviews are to be stopped; `sweep`: what was said is to be looked at a last time."""


def define_intake(station: Station) -> None:
    """Registers the workflows under their frozen names."""

    @DBOS.workflow(name=names.INTAKE)
    def intake(values: dict[str, Any]) -> int:
        delivery = Delivery.from_json(values)
        with station.activity.working():
            called = _write_down(station, "keep", lambda: _kept(station, delivery))
            for index, job in enumerate(delivery.jobs):
                _place(station, job, f"{delivery.guid}-{index}", called)
            return len(delivery.jobs)

    @DBOS.workflow(name=names.SETTLE)
    def settle(values: dict[str, Any]) -> None:
        with station.activity.working():
            place_review(station, PullRequest.from_json(values), "pushed")


def remember(station: Station, delivery: Delivery) -> None:
    """The delivery and all that is to be remembered of it. Again, it changes nothing."""
    with station.story.together():
        station.story.keep(delivery)
        for job in delivery.jobs:
            if isinstance(job, PullRequestNoted | TimelineNoted):
                station.story.note(job)
    for job in delivery.jobs:
        if isinstance(job, InstallationChanged | RepositoryChanged):
            station.story.note(job)
        elif isinstance(job, ReplyNoted | ThreadNoted):
            station.talk.note(job)


def calls_for(station: Station, job: PullRequestNoted) -> CallsFor:
    """What is to be done about a pull request that is closed or a draft again, beside remembering it."""
    has_runs = job.stops_review and bool(stoppable(job.pull_request, spare=None))
    sweeps = job.stops_review and not job.pull_request.is_open
    if sweeps and not has_runs and station.settings.ledger.access == "file":  # to ask another host takes longer
        sweeps = station.talk.has_spoken(job.pull_request)
    return {"stop": has_runs, "sweep": sweeps}


def _kept(station: Station, delivery: Delivery) -> CallsFor:
    remember(station, delivery)
    noted = next((job for job in delivery.jobs if isinstance(job, PullRequestNoted)), None)
    return calls_for(station, noted) if noted else {}


def _place(station: Station, job: Job, cause: str, called: CallsFor | None) -> None:
    """`called`: what the delivery calls for; None where nobody could tell."""
    match job:
        case ReviewWanted(trigger="pushed"):
            place_push(station, job, cause)
        case ReviewWanted():
            place_review(station, job.pull_request, job.trigger)
        case CheckRerequested():
            enqueue_errand(RERUN, cause, {"job": job.to_json()})
        case MergeGroupQueued():
            enqueue_errand(MERGE_GROUP, cause, {"job": job.to_json()})
        case CommandGiven():
            enqueue_command(job)
        case PullRequestNoted(stops_review=True):
            if called is None or called["stop"]:
                stop_reviews(station, job.pull_request)
            if not job.pull_request.is_open and (called is None or called["sweep"]):
                enqueue_errand(SWEEP, cause, {"pull_request": job.pull_request.to_json()})
        case (
            PullRequestNoted()
            | TimelineNoted()
            | InstallationChanged()
            | RepositoryChanged()
            | ReplyNoted()
            | ThreadNoted()
        ):
            pass  # it was written down with the delivery


def _write_down(station: Station, name: str, write: Callable[[], CallsFor]) -> CallsFor | None:
    """Into the ledger, with patience; but a ledger that cannot be written never keeps a review from happening. None
    where it was not written, or by a version that did not look further."""
    backoff = station.patience.ledger
    for tries in range(1, backoff.tries + 1):
        try:
            found: CallsFor | None = durable_step(name, write)
            return found
        except Exception as failure:
            if not is_worth_retrying(failure) or backoff.is_over(tries):
                log.exception("%s failed and is left out: %s", name, reason_of(failure))
                return None
            DBOS.sleep(backoff.wait_s(tries, station.dice))
    return None
