"""Reading the past of a repository into the ledger, a page at a time, so that it can stop anywhere and go on there."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain import Record, Repository, TimelineEvent
from bot.errors import Forbidden, NotFound
from bot.github import GitHubHost
from bot.github.history import AT_ONCE, Page, changed_since, past_of
from bot.github.history_told import Listed
from bot.github.quota import leave_some
from bot.github.repository_history import DEPLOYMENTS, deployments_since, past_of_repository
from bot.ledger import Ledger

_SETTLES_S: Final = 60.0
"""Longer than any clock here and GitHub's are apart."""
_LATE: Final = timedelta(days=14)
"""Longer than a deployment is under way, as a rule."""


class Deployments(Record):
    """Where the reading of deployments stands, which goes back in time by pages. Times are of when they were made."""

    covered_from: str = ""
    covered_until: str = ""
    """Those made within this time were read; empty where none were read to their end yet."""
    began: str = ""
    """When this reading began, by our clock; empty before it begins."""
    page: int = 1
    reached: str = ""
    """What was made after this was read, unless it was made after `began`."""

    def floor(self, since: str) -> str:
        """How far back is to be read, where `since` is wanted: some come to their end days after they began."""
        if self.covered_until and self.covered_from <= since:
            return max(since, _iso(datetime.fromisoformat(self.covered_until) - _LATE))
        return since

    def done(self, since: str) -> "Deployments":
        """All since then are read."""
        return Deployments(covered_from=min(since, self.covered_from or since), covered_until=self.began)


class Bookmark(Record):
    """Where the reading stands; kept as `cursor`. Times are GitHub's, as its answers give them."""

    since: str
    """How far back is wanted."""
    covered_from: str = ""
    covered_until: str = ""
    """Whatever changed last within this time was read; empty where nothing was read to its end yet."""
    began: str = ""
    """Whatever changed last before this was there when this reading began; empty before it begins."""
    page: int = 1
    reached: str = ""
    """Whatever changed last after this was read, unless it changed after `began`."""
    others_from: str = ""
    others_until: str = ""
    """Within this time releases and incidents were read; empty where they were not, or not all of them."""
    deployments: Deployments = Deployments()

    def wants(self, listed: Listed) -> bool:
        at = listed.updated_at
        if self.covered_until and self.covered_from <= at < self.covered_until:
            return False
        return self.since <= at and not (self.reached and at > self.reached)

    def done(self) -> "Bookmark":
        """All of it is read."""
        covered_from = min(self.since, self.covered_from or self.since)
        until = self.began or self.covered_until
        return self.model_copy(
            update={"since": covered_from, "covered_from": covered_from, "covered_until": until, **_NOT_BEGUN}
        )


_NOT_BEGUN: Final = {"began": "", "page": 1, "reached": ""}


@dataclass(frozen=True)
class Progress:
    """The reading goes back in time, from `began` to `since`."""

    read: int
    """So many so far."""
    at: str
    """When the last of them changed."""
    began: str
    since: str
    what: str = "pull requests"


@dataclass(frozen=True)
class Backfilled:
    read: int
    events: int
    since: str
    refused: tuple[str, ...]
    """What GitHub would not show, with the permission it needs."""


Told = Callable[[Progress], None]


def backfill(
    host: GitHubHost, ledger: Ledger, repository: Repository, since: str, incident_labels: Sequence[str], told: Told
) -> Backfilled:
    """Reads what changed since then (ISO 8601, UTC, ending in Z) and is not read yet. What is read is in the ledger at
    once, with the place to go on at: after whatever this raises (as `bot.github.failures` says; RateLimited where only
    what others need is left of GitHub's limit), calling it again goes on there.
    """
    return _Reading(host, ledger, repository, told).run(since, incident_labels)


class _Reading:
    def __init__(self, host: GitHubHost, ledger: Ledger, repository: Repository, told: Told) -> None:
        self._host = host
        self._ledger = ledger
        self._repository = repository
        self._told = told
        self._numbers: set[int] = set()
        self._events = self._read_before = 0

    def run(self, since: str, incident_labels: Sequence[str]) -> Backfilled:
        leave_some(self._host, self._repository)
        self._ledger.keep_past_of_repository(self._repository, [])
        mark = self._down(self._resumed(since))
        mark = self._down(mark)  # what changed meanwhile has moved to the top
        is_resumed = bool(mark.deployments.began)
        mark, refused = self._deployments(mark)
        if is_resumed and not refused:
            mark, refused = self._deployments(mark)  # what was made meanwhile stands above
        refused += self._beside(mark, incident_labels)
        return Backfilled(len(self._numbers), self._events, mark.since, tuple(refused))

    def _deployments(self, mark: Bookmark) -> tuple[Bookmark, list[str]]:
        """Each costs a request: there may be more of them than one hour's limit allows, so each page is marked."""
        reading, read = mark.deployments, 0
        if not reading.began:
            reading = reading.model_copy(update={"began": self._now()})
        floor = reading.floor(mark.since)
        try:
            for page in deployments_since(self._host, self._repository, floor, reading.page, reading.reached):
                self._kept(page.events)
                read += page.read
                reading = reading.model_copy(update={"page": page.number, "reached": page.reached or reading.reached})
                self._bookmark(mark.model_copy(update={"deployments": reading}))
                self._told(Progress(read, page.reached or floor, reading.began, floor, "deployments"))
        except (Forbidden, NotFound):
            return mark, [DEPLOYMENTS]
        mark = mark.model_copy(update={"deployments": reading.done(mark.since)})
        self._bookmark(mark)
        return mark, []

    def _beside(self, mark: Bookmark, incident_labels: Sequence[str]) -> list[str]:
        """Releases and incidents."""
        since, now = mark.since, self._now()
        if mark.others_until and mark.others_from <= since:
            since = max(since, _iso(datetime.fromisoformat(mark.others_until) - _LATE))
        events, refused = past_of_repository(self._host, self._repository, since, incident_labels)
        self._kept(events)
        if not refused:
            self._bookmark(mark.model_copy(update={"others_from": mark.since, "others_until": now}))
        return refused

    def _now(self) -> str:
        return _iso(datetime.fromtimestamp(self._host.clock(), UTC))

    def _kept(self, events: Sequence[TimelineEvent]) -> None:
        self._ledger.keep_past_of_repository(self._repository, events)
        self._events += len(events)

    def _resumed(self, since: str) -> Bookmark:
        """The whole of the time from `since` on is wanted, and no gap before what was read once."""
        row = self._ledger.backfill(self._repository.id) or {"cursor": "", "read": 0}
        self._read_before = row["read"]
        try:
            mark = Bookmark.from_json(json.loads(row["cursor"]))
        except ValueError:
            return Bookmark(since=since)
        return mark.model_copy(update={"since": min(since, mark.since)})

    def _down(self, mark: Bookmark) -> Bookmark:
        """From the top, or from where it stopped, down to `since`."""
        for page, fresh in self._pages(mark):
            if not mark.began:
                mark = mark.model_copy(update={"began": self._settled(page.listed[0].updated_at)})
            mark = mark.model_copy(update={"page": page.number})
            for first in range(0, len(fresh), AT_ONCE):
                batch = fresh[first : first + AT_ONCE]
                self._keep(batch)
                mark = mark.model_copy(update={"reached": batch[-1].updated_at})
                self._bookmark(mark)
                self._told(Progress(len(self._numbers), batch[-1].updated_at, mark.began, mark.since))
        mark = mark.done()
        self._bookmark(mark)
        return mark

    def _pages(self, mark: Bookmark) -> Iterator[tuple[Page, list[Listed]]]:
        floor = mark.covered_until if mark.covered_until and mark.since >= mark.covered_from else mark.since
        for page in changed_since(self._host, self._repository, floor, mark.page):
            if page.listed:
                yield page, [one for one in page.listed if mark.wants(one)]

    def _settled(self, latest: str) -> str:
        """What changed just now may change once more within that second: then it is read again."""
        at = datetime.fromisoformat(latest)
        if self._host.clock() - at.timestamp() > _SETTLES_S:
            at += timedelta(seconds=1)
        return _iso(at)

    def _keep(self, batch: Sequence[Listed]) -> None:
        leave_some(self._host, self._repository)
        changed = {one.pull_request.number: one.updated_at for one in batch}
        for pull_request, events in past_of(self._host, self._repository, batch):
            self._ledger.keep_past(pull_request, changed[pull_request.number], events)
            self._events += len(events)
        self._numbers.update(changed)

    def _bookmark(self, mark: Bookmark) -> None:
        since, is_done = mark.covered_from or mark.since, bool(mark.covered_from)
        cursor = json.dumps(mark.to_json())
        self._ledger.keep_backfill(self._repository.id, since, cursor, self._read_before + len(self._numbers), is_done)


def _iso(at: datetime) -> str:
    """As GitHub writes times."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
