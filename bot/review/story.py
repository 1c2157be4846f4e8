"""What the worker does with each job. Every method may be repeated after a crash and then changes nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from bot.domain import (
    Ask,
    CheckDraft,
    CheckRerequested,
    Delivery,
    InstallationChanged,
    MergeGroupQueued,
    Model,
    PullRequest,
    PullRequestNoted,
    Repository,
    RepositoryChanged,
    ReviewEnd,
    Step,
    TimelineNoted,
)
from bot.github import (
    GitHubHost,
    GitHubPublisher,
    conclude_merge_group,
    fetch_pull_request,
    installation_repositories,
    open_pull_requests,
    pull_requests_for_commit,
)
from bot.ledger import Ledger
from bot.metrics import count_review
from bot.review.desks import Desks
from bot.review.fleet import fleet_of
from bot.review.lost import ask_again
from bot.review.merging import merge_check, queued_number
from bot.review.pipeline import not_reviewed, reason
from bot.review.publishing import Outcome
from bot.review.receipt import check_of, conclusion_of
from bot.review.render import check_page
from bot.review.run import Run
from bot.review.searching import BeyondOnHost
from bot.review.spending import spending_on
from bot.review.stages import Answered
from bot.review.wiring import Wiring
from bot.settings import Mode, Settings
from bot.syntax.guard import Guard


class ReviewStory:
    """Reviews the pull requests of one GitHub host, for one ledger."""

    def __init__(
        self,
        settings: Settings,
        host: GitHubHost,
        ledger: Ledger,
        guard: Guard,
        model: Model | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._host = host
        self._ledger = ledger
        self._beyond = BeyondOnHost(settings, host)
        desks = Desks(settings, guard, model, clock, fleet_of(ledger), self._beyond.of)
        self._wiring = Wiring(settings, host, ledger, desks, clock)

    @property
    def wiring(self) -> Wiring:
        """What every run shares, for the commands that read code too."""
        return self._wiring

    def together(self) -> AbstractContextManager[None]:
        """What is written within the block is one transaction of the ledger's."""
        return self._ledger.together()

    def keep(self, delivery: Delivery) -> None:
        """Writes the delivery, and what it tells of the pull request, into the ledger."""
        self._ledger.keep_delivery(delivery)

    def review(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        """One head of one pull request, from the check's first second to the record."""
        with spending_on(pull_request, is_review=True):
            return Run(self._wiring, pull_request, generation, step, ask).go()

    def followup(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        """The model's part, after a review that had to do without it."""
        with spending_on(pull_request, is_review=True):
            return Run(self._wiring, pull_request, generation, step, ask, is_late=True).go()

    def ask_model(self, pull_request: PullRequest, question: dict[str, Any]) -> dict[str, Any]:
        """One question to the model, answered with verified findings; says so where the model is away."""
        desk = self._wiring.desk_of(pull_request)
        if desk.model is None:
            return Answered(missing_because="no model is configured", is_final=True).to_json()
        until = question.get("until")  # on the wall clock: it may have been put on another host
        left_s = None if until is None else float(until) - time.time()
        with spending_on(pull_request, is_review=True, left_s=left_s):
            return reason(desk, question).to_json()

    def resolve(self, job: CheckRerequested) -> list[PullRequest]:
        """The open pull requests that a re-run of a check means."""
        if job.numbers:
            found = [fetch_pull_request(self._host, job.repository, number) for number in job.numbers]
        else:
            found = pull_requests_for_commit(self._host, job.repository, job.head_sha)
        return [pull_request for pull_request in found if pull_request.is_open]

    def merge_group(self, job: MergeGroupQueued) -> None:
        """Answers the merge queue from the review of the head it merges."""
        policy = self._settings.policy
        number = queued_number(job)
        receipt, was_stopped = None, False
        if number is not None:
            pull_request = fetch_pull_request(self._host, job.repository, number)
            policy = self._wiring.desk_of(pull_request).snapshot.policy
            receipt = self._wiring.receipt_of(pull_request)
            worst = self._ledger.worst_at_head(job.repository.id, pull_request.head_sha)
            was_stopped = receipt is not None and conclusion_of(receipt, worst, policy) == "failure"
        if policy.mode is not Mode.SHADOW:
            check = merge_check(number, receipt, policy.mode, was_stopped)
            conclude_merge_group(self._host, job.repository, job.head_sha, check)

    def note(self, job: PullRequestNoted | TimelineNoted | InstallationChanged | RepositoryChanged) -> None:
        """Remembers what changed around the reviews."""
        if isinstance(job, PullRequestNoted):
            known = job.pull_request
            self._ledger.keep_pull_request(known)
            self._ledger.keep_event(known.repository.id, known.number, job.event, job.at, job.actor, job.details)
        elif isinstance(job, TimelineNoted):
            self._note_moments(job)
        elif isinstance(job, RepositoryChanged) and job.action == "deleted":
            self._beyond.forget([job.repository])
            self._ledger.remove_repository(job.repository.id)
        elif isinstance(job, RepositoryChanged):
            self._ledger.rename_repository(job.repository)
        elif job.action in ("deleted", "suspend"):
            self._ledger.remove_installation(job.installation_id)
        else:
            self._beyond.forget(job.removed)
            self._ledger.remove_repositories([repository.id for repository in job.removed])
            for repository in job.added:
                self._ledger.keep_repository(repository)

    def _note_moments(self, job: TimelineNoted) -> None:
        incidents = {label.lower() for label in self._settings.weekly.incident_labels}
        is_incident = any(label.lower() in incidents for label in job.labels)
        kept = [event for event in job.events if is_incident or not event.event.startswith("incident-")]
        if kept:
            self._ledger.keep_timeline(job.repository, kept)

    def missing(self) -> list[PullRequest]:
        """Open pull requests whose head nobody reviewed: deliveries that never came, or came while we were away."""
        if self._settings.paused:
            return []
        if self._host.settings.is_app:
            ask_again(self._host, self._wiring.clock())
        return [
            pull_request
            for repository in self._served()
            for pull_request in open_pull_requests(self._host, repository)
            if not pull_request.is_draft and not self._wiring.is_settled(pull_request)
        ]

    def tidy(self) -> None:
        """Drops what is kept longer than engine.keep_days."""
        self._beyond.tidy()
        self._ledger.retention(self._settings.engine.keep_days)

    def give_up(self, pull_request: PullRequest, reason: str) -> None:
        """Says on the check and in the ledger that this head was not reviewed, and why."""
        review = not_reviewed(pull_request.base_sha, pull_request.head_sha, reason)
        count_review(review)
        policy = self._settings.policy
        now = self._wiring.now()
        self._wiring.keep(pull_request, 0, "given-up", policy, review, Outcome(), now, now)
        if policy.mode is not Mode.SHADOW:
            page = check_page(review, {}, self._wiring.own_host)
            GitHubPublisher(self._host, pull_request).conclude(check_of(review.receipt, (), policy, page))

    def end_check(self, pull_request: PullRequest, reason: str) -> None:
        """Ends the check of a head whose review was stopped, should it stand in progress."""
        has_receipt = self._wiring.receipt_of(pull_request) is not None
        conclusion = conclusion_of(not_reviewed("", "", reason).receipt, {}, self._settings.policy)
        stopped = CheckDraft(conclusion=conclusion, title=f"Stopped: {reason}")
        GitHubPublisher(self._host, pull_request).end(stopped, may_be_final=has_receipt)

    def _served(self) -> Iterator[Repository]:
        known = {repository.id: repository for repository in self._ledger.known_repositories()}
        installed = installation_repositories(self._host, self._settings.repositories)
        known |= {repository.id: repository for repository in installed}
        return (repository for repository in known.values() if self._wiring.serves(repository))
