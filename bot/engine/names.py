"""The names under which work waits and is known. They are frozen: rows written by an older version carry them."""

from typing import Final, NamedTuple

from bot.domain import PullRequest

APPLICATION: Final = "seawall"
APPLICATION_VERSION: Final = "1"
"""Bumped only when work begun by an older version can no longer be resumed."""

INTAKE: Final = "intake"
DEBOUNCE: Final = "debounce"
SETTLE: Final = "settle"
REVIEW: Final = "review"
MODEL: Final = "model"
FOLLOWUP: Final = "followup"
ERRAND: Final = "errand"
RECONCILE: Final = "reconcile"
RETENTION: Final = "retention"
COMMAND: Final = "command"
SWEEP: Final = "sweep"
WEEKLY: Final = "weekly"
CHAT: Final = "chat"
ANSWER: Final = "answer"
FETCHED: Final = "fetched"
"""What a command's workflow shows once it is answered, and what it is told where somebody fetched that."""
MAINTENANCE: Final = "maintenance"

LEDGER: Final = "ledger"
"""Not one of the engine's: what other hosts ask of the ledger's owner, see ledger_queue."""

QUEUES: Final = (INTAKE, DEBOUNCE, REVIEW, MODEL, CHAT, MAINTENANCE)


def delivery_id(guid: str) -> str:
    """The same delivery, sent again, is the same piece of work."""
    return f"gh-{guid}"


def command_id(command: str, tries: int = 1) -> str:
    """The same command, heard twice, is the same piece of work."""
    return f"{COMMAND}:{command}.{tries}"


def settle_id(pull_request: PullRequest, cause: str) -> str:
    """Of the wait for quiet that this delivery began."""
    return f"{settles_of(pull_request)}{cause}"


def settles_of(pull_request: PullRequest) -> str:
    return f"{SETTLE}:{pull_request.key}:"


def runs_of(kind: str, pull_request: PullRequest) -> str:
    """What the ids of all reviews, follow-ups or model calls of this pull request begin with, whatever the head."""
    return f"{kind}:{pull_request.key}@"


class Run(NamedTuple):
    """One attempt at a review or at a follow-up. Its id reads `review:42#7@<base>..<head>~<generation>.<attempt>`."""

    kind: str
    review_key: str
    generation: int
    attempt: int

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.review_key}~{self.generation}.{self.attempt}"

    @classmethod
    def parse(cls, run_id: str) -> "Run":
        kind, _, rest = run_id.partition(":")
        review_key, _, numbers = rest.rpartition("~")
        generation, _, attempt = numbers.partition(".")
        return cls(kind, review_key, int(generation), int(attempt))


def commits_of(review_key: str) -> tuple[str, str]:
    """Base and head."""
    base_sha, _, head_sha = review_key.rpartition("@")[2].partition("..")
    return base_sha, head_sha


def calls_for(review_key: str, generation: int, index: int, digest: str) -> str:
    """What the ids of all calls that put this question begin with; a number follows, from 1."""
    return f"{MODEL}:{review_key}~{generation}:m{index}-{digest}."
