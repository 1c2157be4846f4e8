"""The timeline of pull requests and repositories: what happened, in words that are frozen, and the rows a week is
computed from."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import Field

from bot.domain.record import Record

PullRequestEvent = Literal[
    "first-commit", "opened", "reopened", "drafted", "ready", "pushed", "base-changed", "size", "reverts",
    "review-requested", "review-request-removed", "review-began", "commented", "reviewed", "checked", "closed",
    "merged",
]  # fmt: skip
RepositoryEvent = Literal["deployed", "released", "incident-opened", "incident-closed"]
OF_REPOSITORY: Final = 0
"""The number under which events of the repository itself are kept."""

DETAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "first-commit": (),  # `at` is the author date of the earliest commit
    "opened": ("author", "is_draft", "head_sha", "additions", "deletions", "files", "commits"),
    "reopened": ("head_sha", "is_draft"),
    "drafted": (),
    "ready": ("head_sha",),
    "pushed": ("head_sha", "is_draft", "is_forced"),
    "base-changed": ("head_sha", "is_draft"),
    "size": ("additions", "deletions", "files"),  # the latest counts
    "reverts": ("number",),  # the pull request that this one takes back
    "review-requested": (),
    "review-request-removed": (),
    "review-began": ("head_sha",),
    "commented": ("id", "place"),  # place: conversation | code
    # state: approved | changes-requested | commented | dismissed, which names the review that counts no longer
    "reviewed": ("review_id", "state"),
    # Of a check suite, in GitHub's words: success, failure, timed_out …; is_head: that commit was the head when asked.
    "checked": ("conclusion", "sha", "app", "is_head"),
    "closed": (),
    "merged": ("merged_by", "additions", "deletions", "files", "commits"),
    "deployed": ("environment", "state", "sha", "id"),  # state: success | failure
    "released": ("tag", "is_prerelease"),
    "incident-opened": ("issue", "title", "url"),
    "incident-closed": ("issue",),
}
"""Event → what its details may hold, beside `is_bot`, which tells that the actor is a program."""


class TimelineEvent(Record):
    """One moment of a pull request's life, or of its repository's (`number` 0): a row of `events`."""

    repository_id: int
    number: int = Field(ge=0)
    event: PullRequestEvent | RepositoryEvent
    at: str = Field(description="ISO 8601 with a zone")
    actor: str = Field(default="", description="Login; empty where the account is gone, or nobody did it")
    details: dict[str, Any] = Field(default_factory=dict, description="See DETAILS; each key may be missing")


Row = dict[str, Any]
WeekRows = dict[str, list[Row]]
"""What the ledger gives for `since <= time < until`: a list of plain rows by name (`WEEK_ROWS`). An empty list where
nothing is on record."""

WEEK_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    # What is asked about. recorded_since: since when its record is whole (the first delivery, or the beginning of the
    # longest backfill), null where nothing is on record.
    "repositories": ("id", "repository", "recorded_since"),
    # Every pull request with an event in the time, and every one that was open at its end, whenever it began.
    "pull_requests": (
        "repository_id", "number", "repository", "title", "author", "author_is_bot", "is_draft", "is_open", "url",
        "created_at",
    ),
    # All events of those pull requests before the end but review-began, also from before the time (a week needs the
    # whole life of what it merges), and events of the repository itself within the time; in the order of repository,
    # number and time. details: JSON text, as stored.
    "events": ("repository_id", "number", "event", "at", "actor", "details"),
    # Heads that were told to us within the time, each once, at the first time (events with `head_sha`). A head that
    # was a draft then, or of a closed pull request, is not among them.
    "heads": ("repository_id", "number", "head_sha", "told_at"),
    # Runs of reviews that finished within the time.
    "reviews": (
        "id", "repository_id", "number", "head_sha", "trigger", "mode", "started_at", "finished_at", "coverage",
        "result", "reason", "model", "input_tokens", "output_tokens", "cost_usd", "duration_s",
    ),
    # `said_points` said within the time. fixed_at: when the code was first seen fixed, null where it was not.
    "points": (
        "repository_id", "number", "fingerprint", "class", "rule", "severity", "source", "title", "path", "said_at",
        "fate", "fixed_at",
    ),
    # Calls to the model within the time.
    "model_calls": (
        "at", "repository_id", "review_key", "model", "prompt", "outcome", "input_tokens", "output_tokens", "cost_usd",
    ),
    # What pull requests merged since the time's beginning change of the posture: the last run of each alone. Without an
    # end: older states are told backwards from the map. change: JSON text of a PostureChange, as stored.
    "posture_changes": (
        "repository_id", "number", "merged_at", "calls_added", "calls_removed", "gained", "lost", "chains", "change",
    ),
    # The maps as last kept. map: JSON text of a PostureMap, as stored.
    "posture_maps": ("repository_id", "at", "map"),
    # Muted rules, whenever they were muted, unless they ended before the time. ended_at: empty while in force.
    "muted": ("id", "repository_id", "rule", "owner", "reason", "at", "expires_at", "ended_at"),
    # Incidents told to Seawall that broke (or, where nobody knows when, were told) within the time.
    "incidents": ("id", "repository_id", "number", "title", "url", "broke_at", "at", "class", "rule", "verdict"),
    # Rules that were drafted within the time and proved themselves.
    "rule_drafts": ("repository_id", "number", "name", "title", "at"),
}  # fmt: skip
"""Name of a list → the keys of its rows. Times are ISO 8601; `cost_usd` is null where no price is known."""
