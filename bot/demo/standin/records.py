"""What the stand-in remembers. Times are UTC; ids are unique over the whole host, numbers within a repository."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.demo.standin.git_history import GitHistory

Side = Literal["RIGHT", "LEFT"]
AccountKind = Literal["User", "Bot", "Organization"]
ReviewState = Literal["PENDING", "COMMENTED", "CHANGES_REQUESTED", "APPROVED", "DISMISSED"]


@dataclass(slots=True)
class Account:
    id: int
    login: str
    kind: AccountKind = "User"


@dataclass(slots=True)
class Label:
    id: int
    name: str


@dataclass(slots=True)
class Reaction:
    id: int
    user: Account
    content: str
    created_at: datetime


@dataclass(slots=True)
class ReviewComment:
    """An inline comment. `line` is None once a push has made it outdated; what it stood on is in `original_line`."""

    id: int
    review_id: int | None
    user: Account
    path: str
    body: str
    commit_id: str
    original_commit_id: str
    side: Side
    line: int | None
    original_line: int
    start_side: Side | None
    start_line: int | None
    original_start_line: int | None
    diff_hunk: str
    position: int | None
    original_position: int
    created_at: datetime
    updated_at: datetime
    in_reply_to: int | None = None
    is_resolved: bool = False
    resolved_by: Account | None = None
    minimized: str = ""
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True)
class Review:
    id: int
    user: Account
    body: str
    state: ReviewState
    commit_id: str
    created_at: datetime
    submitted_at: datetime | None
    minimized: str = ""


@dataclass(slots=True)
class IssueComment:
    """A comment in a pull request's conversation."""

    id: int
    user: Account
    body: str
    created_at: datetime
    updated_at: datetime
    minimized: str = ""
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True)
class Happening:
    """What befell a pull request, as its timeline tells of it; reviews and comments are told by themselves."""

    id: int
    event: str
    """As REST names it: closed, merged, reopened, convert_to_draft, ready_for_review, head_ref_force_pushed,
    base_ref_changed, review_requested, review_request_removed or review_dismissed."""
    at: datetime
    actor: Account
    review: Review | None = None
    former_state: str = ""
    """Of the review, before it was dismissed."""
    reviewer: Account | None = None


@dataclass(slots=True)
class PullRequest:
    id: int
    number: int
    author: Account
    title: str
    body: str
    base_ref: str
    base_sha: str
    head_ref: str
    head_sha: str
    created_at: datetime
    updated_at: datetime
    is_draft: bool = False
    is_open: bool = True
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    reviews: dict[int, Review] = field(default_factory=dict)
    review_comments: dict[int, ReviewComment] = field(default_factory=dict)
    comments: dict[int, IssueComment] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)

    @property
    def is_merged(self) -> bool:
        return self.merged_at is not None

    def threads(self) -> list[list[ReviewComment]]:
        """Inline comments by thread, oldest first. A thread outlives its first comment while there are answers."""
        found: dict[int, list[ReviewComment]] = {}
        for comment in self.review_comments.values():
            found.setdefault(comment.in_reply_to or comment.id, []).append(comment)
        return list(found.values())

    def thread_of(self, comment: ReviewComment) -> list[ReviewComment]:
        return next(thread for thread in self.threads() if comment in thread)


@dataclass(slots=True)
class CheckRun:
    id: int
    suite_id: int
    name: str
    head_sha: str
    status: str
    started_at: datetime
    conclusion: str | None = None
    completed_at: datetime | None = None
    external_id: str = ""
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class CommitStatus:
    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Account
    created_at: datetime


@dataclass(slots=True)
class DeploymentStatus:
    id: int
    state: str
    creator: Account
    created_at: datetime


@dataclass(slots=True)
class Deployment:
    id: int
    sha: str
    environment: str
    creator: Account
    created_at: datetime
    statuses: list[DeploymentStatus] = field(default_factory=list)


@dataclass(slots=True)
class Release:
    id: int
    tag: str
    author: Account
    created_at: datetime
    published_at: datetime | None
    is_prerelease: bool = False


@dataclass(slots=True)
class Issue:
    id: int
    number: int
    author: Account
    title: str
    labels: list[Label]
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    closed_by: Account | None = None
    body: str = ""


@dataclass(slots=True)
class Repository:
    id: int
    owner: Account
    name: str
    git: GitHistory
    installation_id: int
    created_at: datetime
    default_branch: str = "main"
    is_private: bool = False
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    checks: dict[int, CheckRun] = field(default_factory=dict)
    statuses: list[CommitStatus] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    collaborators: dict[str, str] = field(default_factory=dict)
    """login → admin, maintain, write, triage or read; whoever is not listed may read."""

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def next_number(self) -> int:
        """Issues and pull requests are counted together."""
        return max((*self.pulls, *self.issues), default=0) + 1

    def pulls_with_head(self, sha: str) -> list[PullRequest]:
        return [pull for pull in self.pulls.values() if pull.head_sha == sha]
