"""What the edge makes of a delivery: work, named and complete, that survives a restart."""

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.domain.conversation import CommandGiven, ReplyNoted, ThreadNoted
from bot.domain.pull_request import PullRequest, Repository
from bot.domain.record import Record
from bot.domain.timeline import TimelineEvent

Trigger = Literal["opened", "ready", "reopened", "pushed", "base-changed", "rerequested", "reconciled", "command"]


class ReviewWanted(Record):
    kind: Literal["review"] = "review"
    pull_request: PullRequest
    trigger: Trigger


class PullRequestNoted(Record):
    """Something to remember of a pull request; closing it or making it a draft also stops a review under way."""

    kind: Literal["noted"] = "noted"
    pull_request: PullRequest
    event: str
    at: str
    actor: str = ""
    stops_review: bool = False
    details: dict[str, Any] = Field(default_factory=dict, description="As in timeline.DETAILS")


class TimelineNoted(Record):
    """Moments of a pull request or of a repository that only the weekly figures ask for."""

    kind: Literal["timeline"] = "timeline"
    repository: Repository
    events: tuple[TimelineEvent, ...]
    labels: tuple[str, ...] = Field(default=(), description="Of an issue: whether it is an incident is a setting")


class CheckRerequested(Record):
    """Somebody pressed "Re-run" on the check of this head."""

    kind: Literal["rerequested"] = "rerequested"
    repository: Repository
    head_sha: str
    numbers: tuple[int, ...] = ()


class MergeGroupQueued(Record):
    """The merge queue waits for our check on this commit."""

    kind: Literal["merge-group"] = "merge-group"
    repository: Repository
    head_sha: str
    head_ref: str
    base_sha: str


class InstallationChanged(Record):
    kind: Literal["installation"] = "installation"
    installation_id: int
    action: str
    account: str = ""
    added: tuple[Repository, ...] = ()
    removed: tuple[Repository, ...] = ()


class RepositoryChanged(Record):
    kind: Literal["repository"] = "repository"
    repository: Repository
    action: str


Job = Annotated[
    ReviewWanted
    | PullRequestNoted
    | TimelineNoted
    | CheckRerequested
    | MergeGroupQueued
    | InstallationChanged
    | RepositoryChanged
    | CommandGiven
    | ReplyNoted
    | ThreadNoted,
    Field(discriminator="kind"),
]


class Delivery(Record):
    """A signed request, as it is kept: verified, its secrets masked, with the jobs it asks for."""

    guid: str
    event: str
    action: str = ""
    received_at: str = Field(description="ISO 8601, UTC")
    repository: Repository | None = None
    sender: str = ""
    jobs: tuple[Job, ...] = ()
    ignored_because: str = ""
    payload: str = Field(default="", description="The JSON text as received, secrets masked; {} of mere moments")
