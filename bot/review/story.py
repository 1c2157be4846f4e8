"""What the worker does with a job. Every method may be repeated after a crash and then changes nothing.

The durable engine calls these. The order of the steps makes a review appear exactly once: look for our marker, post,
conclude the check, record. Only the record says that a head is done.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from bot.domain import (
    Ask,
    CheckDraft,
    CheckRerequested,
    Coverage,
    Delivery,
    InstallationChanged,
    MergeGroupQueued,
    Model,
    PullRequest,
    PullRequestNoted,
    Receipt,
    Repository,
    RepositoryChanged,
    Review,
    ReviewEnd,
    Step,
)
from bot.github import (
    GitHubHost,
    GitHubPublisher,
    GitHubSource,
    conclude_merge_group,
    fetch_pull_request,
    installation_repositories,
    open_pull_requests,
    pull_requests_for_commit,
)
from bot.ledger import Ledger
from bot.review.desks import Desks
from bot.review.merging import merge_check, queued_number
from bot.review.pipeline import Answered, Desk, examine, not_reviewed, reason
from bot.review.publishing import Outcome, final_check, publish, superseded_by
from bot.review.receipt import check_of, conclusion_of
from bot.review.render import check_page
from bot.review.spending import spending_on
from bot.settings import Mode, Policy, Settings, skip_reason
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
        self._desks = Desks(settings, guard, model, clock)
        self._clock = clock
        self._own_host = (urlsplit(settings.github.base_url).hostname or "github.com").removeprefix("api.")

    def keep(self, delivery: Delivery) -> None:
        """Writes the delivery, and what it tells of the pull request, into the ledger."""
        self._ledger.keep_delivery(delivery)

    def review(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        """One head of one pull request, from the check's first second to the record."""
        opened = step("open", lambda: self._open(pull_request, generation))
        if "end" in opened:
            return ReviewEnd.from_json(opened["end"])
        review = examine(self._desk(pull_request), step, ask)
        return self._close(pull_request, generation, step, review, opened["at"], is_late=False)

    def followup(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        """The model's part, after a review that had to do without it."""
        opened = step("open", lambda: self._reopen(pull_request))
        if "end" in opened:
            return ReviewEnd.from_json(opened["end"])
        review = examine(self._desk(pull_request), step, ask)
        if review.receipt.model_missing_because:
            return ReviewEnd(state="degraded", reason=review.receipt.model_missing_because)
        return self._close(pull_request, generation, step, review, opened["at"], is_late=True)

    def ask_model(self, pull_request: PullRequest, question: dict[str, Any]) -> dict[str, Any]:
        """One question to the model, answered with verified findings; says so where the model is away."""
        desk = self._desk(pull_request)
        if desk.model is None:
            return Answered(missing_because="no model is configured", is_final=True).to_json()
        with spending_on(pull_request):
            return reason(desk, question).to_json()

    def resolve(self, job: CheckRerequested) -> list[PullRequest]:
        """The open pull requests that a re-run of a check means."""
        if job.numbers:
            found = [fetch_pull_request(self._host, job.repository, number) for number in job.numbers]
        else:
            found = list(pull_requests_for_commit(self._host, job.repository, job.head_sha))
        return [pull_request for pull_request in found if pull_request.is_open]

    def merge_group(self, job: MergeGroupQueued) -> None:
        """Answers the merge queue from the review of the head it merges."""
        mode = self._settings.policy.mode
        number = queued_number(job)
        receipt, was_stopped = None, False
        if number is not None:
            pull_request = fetch_pull_request(self._host, job.repository, number)
            receipt = self._ledger.receipt_for_head(job.repository.id, pull_request.head_sha)
            policy = self._desk(pull_request).snapshot.policy
            mode = policy.mode
            worst = self._ledger.worst_at_head(job.repository.id, pull_request.head_sha)
            was_stopped = receipt is not None and conclusion_of(receipt, worst, policy) == "failure"
        if mode is not Mode.SHADOW:
            check = merge_check(number, receipt, mode, was_stopped)
            conclude_merge_group(self._host, job.repository, job.head_sha, check)

    def note(self, job: PullRequestNoted | InstallationChanged | RepositoryChanged) -> None:
        """Remembers what changed around the reviews."""
        if isinstance(job, PullRequestNoted):
            pull_request = job.pull_request
            self._ledger.keep_pull_request(pull_request)
            self._ledger.keep_event(
                pull_request.repository.id, pull_request.number, job.event, job.at, job.actor, details={}
            )
        elif isinstance(job, RepositoryChanged) and job.action == "deleted":
            self._ledger.remove_repositories([job.repository.id])
        elif isinstance(job, RepositoryChanged):
            self._ledger.rename_repository(job.repository)
        else:
            self._ledger.remove_repositories([repository.id for repository in job.removed])
            for repository in job.added:
                self._ledger.rename_repository(repository)

    def missing(self) -> list[PullRequest]:
        """Open pull requests whose head nobody reviewed: deliveries that never came, or came while we were away."""
        if self._settings.paused:
            return []
        return [
            pull_request
            for repository in self._served()
            for pull_request in open_pull_requests(self._host, repository)
            if not pull_request.is_draft and self._receipt(pull_request) is None
        ]

    def tidy(self) -> None:
        """Drops what is kept longer than engine.keep_days."""
        self._ledger.retention(self._settings.engine.keep_days)

    def give_up(self, pull_request: PullRequest, reason: str) -> None:
        """Says on the check and in the ledger that this head was not reviewed, and why."""
        review = not_reviewed(pull_request.base_sha, pull_request.head_sha, reason)
        policy = self._settings.policy
        now = self._now()
        self._keep(pull_request, 0, "given-up", policy, review, Outcome(), now, now)
        if policy.mode is not Mode.SHADOW:
            page = check_page(review, {}, self._own_host)
            GitHubPublisher(self._host, pull_request).conclude(check_of(review.receipt, (), policy, page))

    def _open(self, pull_request: PullRequest, generation: int) -> dict[str, Any]:
        """Decides whether this head is to be reviewed, and shows that it is under way."""
        if reason := self._not_served(pull_request):
            return _ended("done", reason)
        if generation == 0 and self._receipt(pull_request) is not None:
            return _ended("done", "this head has its review already")
        source = self._source(pull_request)
        policy = self._desks.of(pull_request, lambda: source).snapshot.policy
        if reason := superseded_by(pull_request, source.current):
            return _ended("superseded", reason)
        self._ledger.keep_pull_request(pull_request)
        publisher = GitHubPublisher(self._host, pull_request)
        if reason := _left_alone(pull_request, policy):
            if policy.mode is not Mode.SHADOW and not pull_request.is_draft:
                publisher.conclude(CheckDraft(conclusion="neutral", title=f"Left alone: {reason}"))
            return _ended("done", reason)
        if policy.mode is not Mode.SHADOW:
            publisher.begin(CheckDraft(title="Reviewing …"))
        return {"at": self._now()}

    def _reopen(self, pull_request: PullRequest) -> dict[str, Any]:
        self._desks.clear(pull_request)
        source = self._source(pull_request)
        self._desks.of(pull_request, lambda: source)
        if reason := self._not_served(pull_request) or superseded_by(pull_request, source.current):
            return _ended("superseded", reason)
        return {"at": self._now()}

    def _close(
        self, pull_request: PullRequest, generation: int, step: Step, review: Review, started_at: str, is_late: bool
    ) -> ReviewEnd:
        """Publishes, concludes the check, records: each once, whatever crashes in between."""
        snapshot = self._desk(pull_request).snapshot
        policy = snapshot.policy
        known = step("recall", lambda: self._recall(pull_request))
        took_s = (datetime.fromisoformat(known["at"]) - datetime.fromisoformat(started_at)).total_seconds()
        receipt = review.receipt.model_copy(update={"duration_s": round(took_s, 3)})
        review = review.model_copy(update={"receipt": receipt})
        fresh = [finding for finding in review.findings if finding.fingerprint not in known["said"]]
        outcome = Outcome(said={finding.fingerprint: "held" for finding in fresh})
        if policy.mode is not Mode.SHADOW:
            publisher = GitHubPublisher(self._host, pull_request)
            outcome = Outcome.from_json(
                step(
                    "publish",
                    lambda: publish(
                        publisher, pull_request, review, fresh, snapshot, self._own_host, generation, is_late
                    ).to_json(),
                )
            )
            if outcome.superseded_by:
                return ReviewEnd(state="superseded", reason=outcome.superseded_by)
            said = {finding.fingerprint: "earlier" for finding in review.findings} | outcome.said
            step("conclude", lambda: publisher.conclude(final_check(review, snapshot, said, self._own_host)))
        kind = "followup" if is_late else "review"
        step(
            "record",
            lambda: self._keep(pull_request, generation, kind, policy, review, outcome, started_at, known["at"]),
        )
        self._desks.clear(pull_request)
        away = receipt.model_missing_because and not receipt.model_is_refused
        return ReviewEnd(state="degraded" if away else "done", reason=receipt.reason)

    def _recall(self, pull_request: PullRequest) -> dict[str, Any]:
        said = self._ledger.said(pull_request.repository.id, pull_request.number)
        return {"said": sorted(said), "at": self._now()}

    def _keep(
        self,
        pull_request: PullRequest,
        generation: int,
        kind: str,
        policy: Policy,
        review: Review,
        outcome: Outcome,
        started_at: str,
        finished_at: str,
    ) -> None:
        self._ledger.keep_review(
            f"{pull_request.review_key}:{kind}",
            pull_request,
            generation,
            kind,
            policy.mode.value,
            review,
            outcome.posted,
            outcome.said,
            started_at,
            finished_at,
        )

    def _desk(self, pull_request: PullRequest) -> Desk:
        return self._desks.of(pull_request, lambda: self._source(pull_request))

    def _source(self, pull_request: PullRequest) -> GitHubSource:
        return GitHubSource(self._host, pull_request, self._settings.reading)

    def _receipt(self, pull_request: PullRequest) -> Receipt | None:
        """The receipt of this head, if somebody read it; a receipt of `none` is retried."""
        receipt = self._ledger.receipt_for_head(pull_request.repository.id, pull_request.head_sha)
        return receipt if receipt and receipt.coverage is not Coverage.NONE else None

    def _not_served(self, pull_request: PullRequest) -> str:
        if self._settings.paused:
            return "Seawall is paused"
        if not self._serves(pull_request.repository):
            return f"{pull_request.repository.full_name} is not on the list of repositories"
        return ""

    def _serves(self, repository: Repository) -> bool:
        name = repository.full_name.lower()
        return any(fnmatchcase(name, pattern.lower()) for pattern in self._settings.repositories)

    def _served(self) -> Iterator[Repository]:
        known = {repository.id: repository for repository in self._ledger.known_repositories()}
        known |= {
            repository.id: repository
            for repository in installation_repositories(self._host, self._settings.repositories)
        }
        return (repository for repository in known.values() if self._serves(repository))

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")


def _left_alone(pull_request: PullRequest, policy: Policy) -> str:
    return skip_reason(
        policy,
        pull_request.author,
        pull_request.author_is_bot,
        pull_request.title,
        pull_request.labels,
        pull_request.is_draft,
    )


def _ended(state: str, reason: str) -> dict[str, Any]:
    return {"end": {"state": state, "reason": reason}}
