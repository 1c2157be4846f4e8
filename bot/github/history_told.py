"""What GitHub tells afterwards of a pull request, and the moments it comes to: those that webhooks would have told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from bot.domain import PullRequest, TimelineEvent, is_marked
from bot.domain.address import said_to_seawall
from bot.domain.timeline import PullRequestEvent

ONE_PUSH: Final = timedelta(hours=1)
"""GitHub does not tell when commits were pushed. Those made within this time are taken for one push, at the last."""
EVENTS: Final[Mapping[str, PullRequestEvent]] = {
    "base_ref_changed": "base-changed",
    "closed": "closed",
    "convert_to_draft": "drafted",
    "head_ref_force_pushed": "pushed",
    "merged": "merged",
    "ready_for_review": "ready",
    "reopened": "reopened",
    "review_requested": "review-requested",
    "review_request_removed": "review-request-removed",
}
"""REST's name → ours; GraphQL makes its own of REST's."""
REVIEW_STATES: Final[Mapping[str, str]] = {
    "approved": "approved",
    "changes_requested": "changes-requested",
    "commented": "commented",
    "dismissed": "dismissed",
}


class Account(NamedTuple):
    login: str
    """As REST names it; empty for an account that is gone."""
    is_bot: bool


NOBODY: Final = Account("", False)


class Moment(NamedTuple):
    event: PullRequestEvent
    at: str
    by: Account
    details: Mapping[str, Any] = {}


class Commit(NamedTuple):
    authored_at: str
    committed_at: str
    by: Account


@dataclass(frozen=True)
class Told:
    """Of one pull request. `size`: additions, deletions, files, commits."""

    moments: Sequence[Moment]
    commits: Sequence[Commit]
    size: Mapping[str, int]
    merged_by: Account


@dataclass(frozen=True)
class Listed:
    """A pull request as lists give it. Times are ISO 8601, UTC; empty where it has not come to that."""

    pull_request: PullRequest
    updated_at: str
    merged_at: str


def comment(id: int, at: str, by: Account, body: str, place: Literal["conversation", "code"]) -> list[Moment]:
    """None, where the edge would pass it over: of programs, of accounts that are gone, and what is said to Seawall."""
    if not by.login or by.is_bot or is_marked(body) or said_to_seawall(body) is not None:
        return []
    return [Moment("commented", at, by, {"id": id, "place": place})]


def review(id: int, state: str, at: str, by: Account) -> list[Moment]:
    """`state` as GitHub names it, in any case; none where the review is not handed in."""
    known = REVIEW_STATES.get(state.lower())
    return [Moment("reviewed", at, by, {"review_id": id, "state": known})] if known and at else []


def dismissal(id: int, former_state: str, at: str) -> Moment:
    """That a review counts no longer. Whose it was, and that it was given as `former_state`, is put together later."""
    return Moment("reviewed", at, NOBODY, {"review_id": id, "state": "dismissed", "former_state": former_state})


def events_of(listed: Listed, told: Told) -> list[TimelineEvent]:
    """Oldest first."""
    moments = [*_beginning(listed, told), *_life(listed, told), *_pushes(listed, told)]
    return [_event(listed.pull_request, one) for one in sorted(moments, key=lambda one: one.at)]


def _event(pull_request: PullRequest, one: Moment) -> TimelineEvent:
    return TimelineEvent(
        repository_id=pull_request.repository.id,
        number=pull_request.number,
        event=one.event,
        at=one.at,
        actor=one.by.login,
        details={**one.details, **({"is_bot": True} if one.by.is_bot else {})},
    )


def _beginning(listed: Listed, told: Told) -> Iterable[Moment]:
    """No head goes with it: which one stood there then is not told, and none was announced to us."""
    known = listed.pull_request
    author = Account(known.author, known.author_is_bot)
    began = {"author": author.login} | ({"is_draft": True} if _began_as_draft(known, told.moments) else {})
    yield Moment("opened", known.created_at, author, began)
    if told.commits:
        yield Moment("first-commit", min(commit.authored_at for commit in told.commits), NOBODY)
    if known.reverts is not None:
        yield Moment("reverts", known.created_at, author, {"number": known.reverts})
    if not listed.merged_at:
        size = {name: told.size[name] for name in ("additions", "deletions", "files") if name in told.size}
        yield Moment("size", known.created_at, NOBODY, size)


def _began_as_draft(known: PullRequest, moments: Sequence[Moment]) -> bool:
    changes = sorted((one.at, one.event) for one in moments if one.event in ("ready", "drafted"))
    return changes[0][1] == "ready" if changes else known.is_draft


def _life(listed: Listed, told: Told) -> Iterable[Moment]:
    """Merging closes too, which webhooks do not tell apart from the merge."""
    reviewers = {one.details["review_id"]: one.by for one in told.moments if one.event == "reviewed" and one.by.login}
    former = {one.details["review_id"]: one for one in told.moments if "former_state" in one.details}
    for one in told.moments:
        if one.event == "closed" and listed.merged_at and one.at >= listed.merged_at:
            continue
        if one.event == "merged":
            continue
        if one.event == "reviewed":
            yield _review_as_given(one, former, reviewers)
        else:
            yield one
    if listed.merged_at:
        by = next((one.by for one in told.moments if one.event == "merged" and one.by.login), told.merged_by)
        named = {"merged_by": told.merged_by.login} if told.merged_by.login else {}
        yield Moment("merged", listed.merged_at, by, {**named, **told.size})


def _review_as_given(one: Moment, former: Mapping[int, Moment], reviewers: Mapping[int, Account]) -> Moment:
    review_id = one.details["review_id"]
    if "former_state" in one.details:
        details = {"review_id": review_id, "state": "dismissed"}
        return Moment("reviewed", one.at, reviewers.get(review_id, NOBODY), details)
    if one.details["state"] == "dismissed" and review_id in former:
        given = REVIEW_STATES.get(former[review_id].details["former_state"].lower(), "commented")
        return one._replace(details={"review_id": review_id, "state": given})
    return one


def _pushes(listed: Listed, told: Told) -> Iterable[Moment]:
    """Of commits made after it was opened; a forced push, which GitHub does tell, takes in those before it."""
    pushed = [_time(one.at) for one in told.moments if one.event == "pushed"]
    opened = _time(listed.pull_request.created_at)
    for commit in sorted(told.commits, key=lambda one: one.committed_at, reverse=True):
        at = _time(commit.committed_at)
        if at <= opened:
            return
        if not any(at <= known <= at + ONE_PUSH for known in pushed):
            pushed.append(at)
            yield Moment("pushed", commit.committed_at, commit.by)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
