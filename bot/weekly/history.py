"""One pull request's life, told from its events. Whatever order the rows come in, the history is the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, get_args

from pydantic_core import from_json

from bot.domain.timeline import PullRequestEvent, Row, WeekRows

_ORDER: Final = {event: rank for rank, event in enumerate(get_args(PullRequestEvent)) if event != "review-began"}
"""Of events at the same second; what is not among them is no part of the history."""
_IS_DRAFT: Final = {"drafted": True, "ready": False}
_IS_OPEN: Final = {"closed": False, "merged": False, "reopened": True}
_OF_LIFE: Final = _IS_DRAFT.keys() | _IS_OPEN.keys()
_ID_OF: Final = {"reviewed": "review_id", "commented": "id"}
NO_TIME: Final = timedelta()


class Moment(NamedTuple):
    """A plain tuple: an organisation's quarter makes fifty thousand of them."""

    at: datetime
    event: str
    actor: str
    """Lower case; empty where nobody is known."""
    details: Mapping[str, Any]

    @property
    def is_by_bot(self) -> bool:
        return bool(self.details.get("is_bot", self.actor.endswith("[bot]")))


class Stretch(NamedTuple):
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
    until_merge: tuple[Moment, ...]
    """The moments until it was merged; all of them, where it was not."""
    reviews: tuple[Moment, ...]
    """Reviews, and comments in the code, by people other than the author, until the merge; oldest first.

    A dismissal is none, unless it is all that is left of the review it names.
    """
    dismissed: frozenset[Any]
    """Ids of reviews that counted no longer when it was merged; that count no longer now, where it was not."""

    @property
    def ready_at(self) -> datetime | None:
        """When it first was open and no draft; None for one that still is a draft."""
        return self.stretches[0].begins if self.stretches else self.merged_at

    def is_live(self) -> bool:
        """Open and no draft, after all its events."""
        return bool(self.stretches) and self.stretches[-1].ends is None

    def live_between(self, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
        """The parts of that time in which it was open and no draft."""
        parts = [(max(begins, one.begins), min(ends, one.ends or ends)) for one in self.stretches]
        return [(start, end) for start, end in parts if start < end]

    def live_time(self, begins: datetime, ends: datetime) -> timedelta:
        return sum((end - start for start, end in self.live_between(begins, ends)), NO_TIME)

    def is_by_other_person(self, moment: Moment) -> bool:
        """True for what neither the author nor a program did."""
        return _is_by_other_person(moment, self.author)

    @property
    def reviewed_at(self) -> datetime | None:
        """The first of the reviews."""
        return self.reviews[0].at if self.reviews else None

    def before_merge(self, event: str) -> list[Moment]:
        """What happened of this kind until it was merged; until now, where it was not."""
        return [one for one in self.until_merge if one.event == event]


def rows_by_pull_request(rows: WeekRows) -> list[tuple[Row, list[Row]]]:
    """Each pull request among the rows with its events, in the order of their repository and number."""
    events: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows["events"]:
        events[row["repository_id"], row["number"]].append(row)
    by_key = {(row["repository_id"], row["number"]): row for row in rows["pull_requests"]}
    return [(by_key[key], events[key]) for key in sorted(by_key)]


def history_of(pull_request: Row, events: Iterable[Row]) -> History | None:
    """From a row of `pull_requests` and the rows of its events; None where nothing tells when it began."""
    moments = _moments(events)
    first = _first_of_each_kind(moments)
    opened_at = _opened_at(pull_request, first)
    if opened_at is None:
        return None
    opened = first["opened"].details if "opened" in first else {}
    author = str(pull_request["author"] or opened.get("author") or "").lower()
    merged_at = max(first["merged"].at, opened_at) if "merged" in first else None
    until_merge = tuple(one for one in moments if one.at <= merged_at) if merged_at else moments
    reviews, dismissed = _reviews(until_merge, author)
    return History(
        repository_id=pull_request["repository_id"],
        number=pull_request["number"],
        repository=pull_request["repository"],
        title=pull_request["title"],
        url=pull_request["url"],
        author=author,
        is_by_bot=bool(pull_request["author_is_bot"]),
        moments=moments,
        opened_at=opened_at,
        first_commit_at=first["first-commit"].at if "first-commit" in first else None,
        merged_at=merged_at,
        stretches=_stretches(opened_at, _begins_as_draft(pull_request, opened, moments), moments),
        until_merge=until_merge,
        reviews=reviews,
        dismissed=dismissed,
    )


def moment_of(row: Row) -> Moment:
    return Moment(parsed(row["at"]), row["event"], row["actor"].lower(), from_json(row["details"]))


def parsed(at: str) -> datetime:
    """A time as the ledger keeps it; one without a zone is UTC."""
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moments(events: Iterable[Row]) -> tuple[Moment, ...]:
    """Of known kinds, oldest first; at the same second, in the order of a life. A review or a comment heard of twice,
    by its id, counts at its first time."""
    told = []
    for row in events:
        if (rank := _ORDER.get(row["event"])) is not None:
            told.append((parsed(row["at"]), rank, row["actor"].lower(), row["details"], row["event"]))
    told.sort()
    seen: set[tuple[str, Any, Any]] = set()
    kept = []
    for at, _, actor, text, event in told:
        details = from_json(text)
        name = details.get(_ID_OF[event]) if event in _ID_OF else None
        if name is not None:
            if (key := (event, name, details.get("state"))) in seen:
                continue
            seen.add(key)
        kept.append(Moment(at, event, actor, details))
    return tuple(kept)


def _first_of_each_kind(moments: Sequence[Moment]) -> dict[str, Moment]:
    """Event → its first moment, in the order of their times."""
    first: dict[str, Moment] = {}
    for one in moments:
        first.setdefault(one.event, one)
    return first


def _reviews(moments: Iterable[Moment], author: str) -> tuple[tuple[Moment, ...], frozenset[Any]]:
    """Of the moments until the merge: reviews by others, and ids of those that were dismissed."""
    reviews = []
    given, dismissed = set(), set()
    for one in moments:
        if one.event not in _ID_OF:
            continue
        details = one.details
        review_id = details.get("review_id")
        is_dismissal = details.get("state") == "dismissed"
        if is_dismissal and one.event == "reviewed" and review_id is not None:
            dismissed.add(review_id)
        is_spent = is_dismissal and (review_id is None or review_id in given)
        given.add(review_id)
        is_in_code = one.event == "reviewed" or details.get("place") == "code"
        if is_in_code and not is_spent and _is_by_other_person(one, author):
            reviews.append(one)
    return tuple(reviews), frozenset(dismissed)


def _is_by_other_person(moment: Moment, author: str) -> bool:
    return not moment.is_by_bot and (not moment.actor or moment.actor != author)


def _opened_at(pull_request: Row, first: Mapping[str, Moment]) -> datetime | None:
    if "opened" in first:
        return first["opened"].at
    if pull_request["created_at"]:
        return parsed(pull_request["created_at"])
    return next((one.at for event, one in first.items() if event != "first-commit"), None)


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
        is_draft = _IS_DRAFT.get(one.event, is_draft)
        is_open = _IS_OPEN.get(one.event, is_open)
        at = max(one.at, opened_at)
        if is_open and not is_draft:
            begins = begins or at
        elif begins is not None:
            stretches += [Stretch(begins, at)] if begins < at else []
            begins = None
        if one.event == "merged":
            break
    return (*stretches, Stretch(begins, None)) if begins is not None else tuple(stretches)
