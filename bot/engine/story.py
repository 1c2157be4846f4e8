"""What the engine runs: the story of a review, told elsewhere."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from bot.domain import (
    Ask,
    CheckRerequested,
    Delivery,
    InstallationChanged,
    MergeGroupQueued,
    PullRequest,
    PullRequestNoted,
    RepositoryChanged,
    ReviewEnd,
    Step,
    TimelineNoted,
)


class Story(Protocol):
    """Every method may be repeated after a crash, and then changes nothing.

    What is worth trying again is raised as errors.RetryableError, errors.OutcomeUnknown or errors.LedgerError; the
    engine tries again, later and a limited number of times. Any other error ends the work for good.
    """

    def together(self) -> AbstractContextManager[None]:
        """What is remembered within the block is remembered at once, all of it or nothing, where the record is at
        hand. Nothing within it may wait for anybody."""

    def keep(self, delivery: Delivery) -> None:
        """Remembers a delivery and what it tells of its pull request."""

    def review(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        """One review. Generation 0 is the head's own review; each one above was asked for by somebody.

        What a step returned is not run again after a crash, and a question that was answered is not put again, not
        even by a later attempt.
        """

    def ask_model(self, pull_request: PullRequest, question: dict[str, Any]) -> dict[str, Any]:
        """One call of the model. An answer's `missing_because`, if it is there and not empty, says why it is none."""

    def followup(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        """The model's part, after a review that ended `degraded`."""

    def resolve(self, job: CheckRerequested) -> list[PullRequest]:
        """The open pull requests, as they are now, that a re-run of a check means."""

    def merge_group(self, job: MergeGroupQueued) -> None:
        """Answers a merge queue."""

    def note(self, job: PullRequestNoted | TimelineNoted | InstallationChanged | RepositoryChanged) -> None:
        """Remembers what changed around the reviews."""

    def missing(self) -> list[PullRequest]:
        """Open pull requests whose head has no receipt."""

    def tidy(self) -> None:
        """Nightly: drops what the story itself need not keep."""

    def give_up(self, pull_request: PullRequest, reason: str) -> None:
        """Says, where people look and in the record, that this head was not reviewed, and why."""

    def end_check(self, pull_request: PullRequest, reason: str) -> None:
        """Ends the check of a head whose review was stopped, should it stand in progress."""
