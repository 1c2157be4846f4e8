"""What every run of a worker shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from bot.domain import Coverage, PullRequest, Receipt, Repository, Review
from bot.errors import NotFound
from bot.github import GitHubHost, GitHubSource, file_at
from bot.ledger import Ledger
from bot.review.desks import Desks
from bot.review.publishing import Outcome
from bot.review.stages import Desk
from bot.settings import Policy, Settings


@dataclass(frozen=True)
class Wiring:
    """What every run of a worker shares."""

    settings: Settings
    host: GitHubHost
    ledger: Ledger
    desks: Desks
    clock: Callable[[], datetime]

    @property
    def own_host(self) -> str:
        """The host that posted links may lead to."""
        return (urlsplit(self.settings.github.base_url).hostname or "github.com").removeprefix("api.")

    def now(self) -> str:
        """ISO 8601, UTC, milliseconds."""
        return self.clock().astimezone(UTC).isoformat(timespec="milliseconds")

    def desk_of(self, pull_request: PullRequest) -> Desk:
        return self.desks.of(pull_request, lambda: self.source_of(pull_request))

    def source_of(self, pull_request: PullRequest) -> GitHubSource:
        return GitHubSource(self.host, pull_request, self.settings.reading)

    def read_at(self, pull_request: PullRequest, commit: str, path: str) -> bytes | None:
        """A file of an earlier head; None where it is no regular file there. Raises HostUnavailable where GitHub does
        not show that commit (any more)."""
        try:
            return file_at(self.host, pull_request, commit, path, self.settings.reading.max_file_bytes)
        except NotFound:
            return None

    def serves(self, repository: Repository) -> bool:
        name = repository.full_name.lower()
        return any(fnmatchcase(name, pattern.lower()) for pattern in self.settings.repositories)

    def receipt_of(self, pull_request: PullRequest) -> Receipt | None:
        """The receipt of this head into this base branch, if somebody read it; one of `none` is retried."""
        where = (pull_request.repository.id, pull_request.head_sha, pull_request.base_ref)
        receipt = self.ledger.receipt_for_head(*where)
        return receipt if receipt and receipt.coverage is not Coverage.NONE else None

    def is_settled(self, pull_request: PullRequest) -> bool:
        """True where this head is read and was the last one read: a branch may be pushed back to an earlier head."""
        return self.receipt_of(pull_request) is not None and not self.came_back_from(pull_request)

    def came_back_from(self, pull_request: PullRequest) -> str:
        """The head that was read last, where that is another one than this, which has a receipt of its own."""
        last = self.ledger.head_judged(pull_request.repository.id, pull_request.number)
        if last in ("", pull_request.head_sha) or self.receipt_of(pull_request) is None:
            return ""
        return last

    def keep(
        self,
        pull_request: PullRequest,
        generation: int,
        kind: str,
        policy: Policy,
        review: Review,
        outcome: Outcome,
        started_at: str,
        finished_at: str,
        digests: Mapping[str, str] | None = None,
    ) -> None:
        """Writes one run into the ledger."""
        self.ledger.keep_review(
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
            digests,
        )
