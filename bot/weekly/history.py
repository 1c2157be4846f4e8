"""One pull request's life, told from its events. Whatever order the rows come in, the history is the same."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final, get_args

from bot.domain.timeline import PullRequestEvent, Row, WeekRows

_ORDER: Final = {event: rank for rank, event in enumerate(get_args(PullRequestEvent))}
"""Of events at the same second."""
_TOLD: Final = _ORDER.keys() - {"review-began"}
_OF_LIFE: Final = frozenset({"drafted", "ready", "closed", "reopened", "merged"})
_OF_REVIEW: Final = frozenset({"reviewed", "commented"})
NO_TIME: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    event: str
    actor: str
    """Lower case; empty where nobody is known."""
    details: Mapping[str, Any]

    @property
    def is_by_bot(self) -> bool:
        return bool(self.details.get("is_bot", self.actor.endswith("[bot]")))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which a pull request was open and no draft: the only time anybody can be waited for."""

    begins: datetime
    ends: datetime | None
    """None while it lasts."""


@dataclass(frozen=True)
class History:
    repository_id: int
    number: int
    repository: str
    title: str
    url: str
    author: str
    """Lower case, to tell the author's own moves from those of others; never shown."""
    is_by_bot: bool
    moments: tuple[Moment, ...]
    """Oldest first, each once, of known kinds."""
    opened_at: datetime
    first_commit_at: datetime | None
    merged_at: datetime | None
    stretches: tuple[Stretch, ...]
    """Oldest first, apart from each other."""

    @property
    def ready_at(self) -> datetime | None:
        """When it first was open and no draft; None for one that still is a draft."""
        return self.stretches[0].begins if self.stretches else self.merged_at

    def is_live(self) -> bool:
        """Open and no draft, after all its events."""
        return bool(self.stretches) and self.stretches[-1].ends is None

    def live_between(self, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
        """The parts of that time in which it was open and no draft."""
        parts = ((max(begins, one.begins), min(ends, one.ends or ends)) for one in self.stretches)
        return [(start, end) for start, end in parts if start < end]

    def live_time(self, begins: datetime, ends: datetime) -> timedelta:
        return sum((end - start for start, end in self.live_between(begins, ends)), NO_TIME)

    def is_by_other_person(self, moment: Moment) -> bool:
        """True for what neither the author nor a program did."""
        return not moment.is_by_bot and (not moment.actor or moment.actor != self.author)

    @cached_property
    def reviews(self) -> tuple[Moment, ...]:
        """Reviews, and comments in the code, by people other than the author, until the merge; oldest first.

        A dismissal is none, unless it is all that is left of the review it names.
        """
        given = set()
        found = []
        for one in self.before_merge("reviewed", "commented"):
            review_id = one.details.get("review_id")
            is_dismissal = one.details.get("state") == "dismissed" and (review_id is None or review_id in given)
            given.add(review_id)
            is_in_code = one.event == "reviewed" or one.details.get("place") == "code"
            if is_in_code and not is_dismissal and self.is_by_other_person(one):
                found.append(one)
        return tuple(found)

    @cached_property
    def dismissed(self) -> frozenset[Any]:
        """Ids of reviews that counted no longer when it was merged; that count no longer now, where it was not."""
        told = (one.details for one in self.before_merge("reviewed") if one.details.get("state") == "dismissed")
        return frozenset(details["review_id"] for details in told if details.get("review_id") is not None)

    @cached_property
    def reviewed_at(self) -> datetime | None:
        """The first of these reviews."""
        return self.reviews[0].at if self.reviews else None

    def before_merge(self, *events: str) -> list[Moment]:
        """What happened of these kinds until it was merged; until now, where it was not."""
        end = self.merged_at
        return [one for one in self.moments if one.event in events and (end is None or one.at <= end)]


def histories(rows: WeekRows) -> list[History]:
    """Of every pull request among the rows, in the order of their repository and number."""
    events: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows["events"]:
        events[row["repository_id"], row["number"]].append(row)
    by_key = {(row["repository_id"], row["number"]): row for row in rows["pull_requests"]}
    told = (history_of(by_key[key], events[key]) for key in sorted(by_key))
    return [one for one in told if one is not None]


def history_of(pull_request: Row, events: Iterable[Row]) -> History | None:
    """From a row of `pull_requests` and the rows of its events; None where nothing tells when it began."""
    moments = _once(_moments(events))
    opened_at = _opened_at(pull_request, moments)
    if opened_at is None:
        return None
    opened = next((one.details for one in moments if one.event == "opened"), {})
    merged_at = next((max(one.at, opened_at) for one in moments if one.event == "merged"), None)
    return History(
        repository_id=pull_request["repository_id"],
        number=pull_request["number"],
        repository=pull_request["repository"],
        title=pull_request["title"],
        url=pull_request["url"],
        author=str(pull_request["author"] or opened.get("author") or "").lower(),
        is_by_bot=bool(pull_request["author_is_bot"]),
        moments=moments,
        opened_at=opened_at,
        first_commit_at=next((one.at for one in moments if one.event == "first-commit"), None),
        merged_at=merged_at,
        stretches=_stretches(opened_at, _begins_as_draft(pull_request, opened, moments), moments),
    )


def moment_of(row: Row) -> Moment:
    return Moment(parsed(row["at"]), row["event"], row["actor"].lower(), json.loads(row["details"]))


def parsed(at: str) -> datetime:
    """A time as the ledger keeps it; one without a zone is UTC."""
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moments(events: Iterable[Row]) -> list[Moment]:
    """Of known kinds, oldest first; at the same second, in the order of a life."""
    told = sorted(
        (parsed(row["at"]), _ORDER[row["event"]], row["actor"].lower(), row["details"], row["event"])
        for row in events
        if row["event"] in _TOLD
    )
    details = json.loads(f"[{','.join(text for *_, text, _ in told)}]")  # at once: three times as fast as one by one
    return [Moment(at, event, actor, each) for (at, _, actor, _, event), each in zip(told, details, strict=True)]


def _once(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """A review or a comment heard of twice, by its id, counts at its first time."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for one in moments:
        if one.event in _OF_REVIEW:
            name = one.details.get("review_id" if one.event == "reviewed" else "id")
            key = (one.event, name, one.details.get("state"))
            if name is not None and key in seen:
                continue
            seen.add(key)
        kept.append(one)
    return tuple(kept)


def _opened_at(pull_request: Row, moments: Sequence[Moment]) -> datetime | None:
    if opened := next((one.at for one in moments if one.event == "opened"), None):
        return opened
    if pull_request["created_at"]:
        return parsed(pull_request["created_at"])
    return next((one.at for one in moments if one.event != "first-commit"), None)


def _begins_as_draft(pull_request: Row, opened: Mapping[str, Any], moments: Sequence[Moment]) -> bool:
    """As its opening tells; else what first became of it: who is made ready was a draft."""
    if "is_draft" in opened:
        return bool(opened["is_draft"])
    first = next((one.event for one in moments if one.event in ("ready", "drafted")), None)
    return first == "ready" or (first is None and bool(pull_request["is_draft"]))


def _stretches(opened_at: datetime, is_draft: bool, moments: Sequence[Moment]) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    is_open, begins = True, None if is_draft else opened_at
    for one in moments:
        if one.event not in _OF_LIFE:
            continue
        is_draft = {"drafted": True, "ready": False}.get(one.event, is_draft)
        is_open = {"closed": False, "merged": False, "reopened": True}.get(one.event, is_open)
        at = max(one.at, opened_at)
        if is_open and not is_draft:
            begins = begins or at
        elif begins is not None:
            stretches += [Stretch(begins, at)] if begins < at else []
            begins = None
        if one.event == "merged":
            break
    return (*stretches, Stretch(begins, None)) if begins is not None else tuple(stretches)
