"""All that is on record, parsed once: what metrics look things up in, for one span of time after the other."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import TypeVar

from bot.domain.timeline import OF_REPOSITORY, Row, WeekRows
from bot.weekly.facts import Waiting
from bot.weekly.history import Moment, moment_of, parsed
from bot.weekly.life import Life, Lives
from bot.weekly.posture_trail import calls_kept, steps_of
from bot.weekly.waiting import waiting
from bot.weekly.week import Week, WorkingTime

_NEVER = datetime.max.replace(tzinfo=UTC)
_at = itemgetter(0)  # of a pair, the time
T = TypeVar("T")
Values = list[float | None]
"""One for each pull request or point; None where it is missing."""
_OF_AUTHOR = frozenset({"opened", "pushed", "ready", "reopened", "merged"})


@dataclass(frozen=True)
class Span:
    """Some weeks on end, in UTC; the end is no longer within."""

    starts: datetime
    ends: datetime
    weeks: int = 1

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.starts <= moment < self.ends


def span_of_week(week: Week) -> Span:
    return Span(week.starts, week.ends)


Dated = tuple[datetime, Row]
"""A row with the time by which it belongs to a week."""


def within(dated: Sequence[Dated], span: Span) -> list[Row]:
    return [row for _, row in _within(dated, span)]


class Chronicle:
    """The rows of `week_rows`, parsed. `as_of`: when the record ends. `told`: lives told of another week's rows."""

    def __init__(
        self,
        rows: WeekRows,
        as_of: datetime,
        working: WorkingTime,
        production: Collection[str],
        told: Lives | None = None,
    ) -> None:
        self.as_of = as_of
        self.working = working
        lives = (told or Lives()).of(rows)
        self.lives = [life for life in lives if not life.history.is_by_bot]
        self._by_merge = sorted(
            ((life.history.merged_at, life) for life in self.lives if life.history.merged_at), key=_at
        )
        self._activity = sorted(
            (
                (one.at, life.history.author)
                for life in self.lives
                for one in life.history.moments
                if one.event in _OF_AUTHOR
            ),
            key=_at,
        )
        self.of_bots = [life for life in lives if life.history.is_by_bot]
        self.reviews = _dated(rows["reviews"], "finished_at")
        self.heads = _dated(rows["heads"], "told_at")
        self.points = _dated(rows["points"], "said_at")
        self.model_calls = _dated(rows["model_calls"], "at")
        self.posture_steps = steps_of(rows["posture_changes"])
        self.calls_kept = [calls_kept(row) for row in rows["posture_maps"]]
        self.muted = _dated(rows["muted"], "at")
        self.incidents: list[Dated] = sorted(
            ((parsed(row["broke_at"] or row["at"]), row) for row in rows["incidents"]), key=_at
        )
        self.of_repositories: list[tuple[int, Moment]] = sorted(
            ((row["repository_id"], moment_of(row)) for row in rows["events"] if row["number"] == OF_REPOSITORY),
            key=lambda one: (one[1].at, one[0], one[1].event),
        )
        self._authors: dict[Span, int] = {}
        self._values: dict[tuple[str, Span], Values] = {}
        self.production = frozenset(name.lower() for name in production)
        self._recorded = sorted(
            (parsed(row["recorded_since"]), row["repository"]) for row in rows["repositories"] if row["recorded_since"]
        )

    def merged(self, span: Span) -> list[Life]:
        """People's pull requests merged within the span, in that order."""
        return [life for _, life in _within(self._by_merge, span)]

    def first_reviewed(self, span: Span) -> list[Life]:
        """People's pull requests whose first review by another person lies within the span, in that order."""
        return [life for _, life in _within(self._by_review, span)]

    @cached_property
    def _by_review(self) -> list[tuple[datetime, Life]]:
        return sorted(((life.reviewed_at, life) for life in self.lives if life.reviewed_at), key=_at)

    def unreviewed_at(self, moment: datetime) -> int:
        """How many of people's pull requests were open and no draft just before that moment, and not reviewed yet."""
        begins, ends = self._unreviewed
        return bisect_left(begins, moment) - bisect_left(ends, moment)

    @cached_property
    def _unreviewed(self) -> tuple[list[datetime], list[datetime]]:
        """Beginnings and ends of the times in which pull requests waited for their first review, each in order."""
        waits = []
        for life in self.lives:
            until = life.reviewed_at or _NEVER
            waits += [(one.begins, min(one.ends or _NEVER, until)) for one in life.history.stretches]
        waits = [(begins, ends) for begins, ends in waits if begins < ends]
        return sorted(begins for begins, _ in waits), sorted(ends for _, ends in waits)

    def values(self, name: str, span: Span, take: Callable[["Chronicle", Span], Values]) -> Values:
        """What is taken, once for all the quantiles of that name."""
        if (name, span) not in self._values:
            self._values[name, span] = take(self, span)
        return self._values[name, span]

    def authors(self, span: Span) -> int:
        """How many people opened, pushed to or made ready a pull request in the span, or had one merged. Accounts that
        are gone count as one."""
        if span not in self._authors:
            self._authors[span] = len({author for _, author in _within(self._activity, span)})
        return self._authors[span]

    def heads_told(self, span: Span) -> Sequence[Dated]:
        return _within(self.heads, span)

    def moments(self, event: str) -> list[tuple[int, Moment]]:
        """Events of the repositories themselves, each with its repository's id; oldest first."""
        return [(repository_id, one) for repository_id, one in self.of_repositories if one.event == event]

    @cached_property
    def waiting(self) -> list[Waiting]:
        """People's pull requests that are open and no draft at the end of the record."""
        return waiting((life.history for life in self.lives), self.as_of)

    @cached_property
    def deployments(self) -> list[tuple[int, Moment]]:
        """To production, that succeeded, each once; oldest first."""
        seen: set[tuple[int, object]] = set()
        found = []
        for repository_id, one in self.moments("deployed"):
            is_there = one.details.get("state") == "success"
            name = repository_id, one.details.get("id", one.at)
            if is_there and str(one.details.get("environment", "")).lower() in self.production and name not in seen:
                seen.add(name)
                found.append((repository_id, one))
        return found

    @cached_property
    def deployed_at(self) -> dict[int, list[datetime]]:
        """Repository → times of its deployments to production, oldest first."""
        times: dict[int, list[datetime]] = {}
        for repository_id, one in self.deployments:
            times.setdefault(repository_id, []).append(one.at)
        return times

    def first_deployed(self, span: Span) -> Sequence[tuple[datetime, Life]]:
        """People's pull requests whose first deployment to production after their merge lies within the span, each
        with its time."""
        return _within(self._by_deployment, span)

    @cached_property
    def _by_deployment(self) -> list[tuple[datetime, Life]]:
        found = []
        for merged_at, life in self._by_merge:
            times = self.deployed_at.get(life.history.repository_id, [])
            if (first := bisect_left(times, merged_at)) < len(times):
                found.append((times[first], life))
        return sorted(found, key=_at)

    @cached_property
    def receipts(self) -> dict[tuple[int, str], list[datetime]]:
        """Repository and head → when runs over it ended that could read anything at all."""
        ended: dict[tuple[int, str], list[datetime]] = {}
        for at, row in self.reviews:
            if row["coverage"] != "none":
                ended.setdefault((row["repository_id"], row["head_sha"]), []).append(at)
        return ended

    def is_overtaken(self, repository_id: int, number: int, head_sha: str, told_at: datetime, due: datetime) -> bool:
        """True where another head came, or the pull request was closed or made a draft, before its time was up."""
        for at, other in self._heads_of.get((repository_id, number), ()):
            if told_at < at <= due and other != head_sha:
                return True
        life = self._life_of.get((repository_id, number))
        return life is not None and any(one.ends and told_at <= one.ends <= due for one in life.history.stretches)

    @cached_property
    def _heads_of(self) -> dict[tuple[int, int], list[tuple[datetime, str]]]:
        heads: dict[tuple[int, int], list[tuple[datetime, str]]] = {}
        for at, row in self.heads:
            heads.setdefault((row["repository_id"], row["number"]), []).append((at, row["head_sha"]))
        return heads

    @cached_property
    def _life_of(self) -> dict[tuple[int, int], Life]:
        return {(life.history.repository_id, life.history.number): life for life in (*self.lives, *self.of_bots)}

    @property
    def recorded_since(self) -> datetime | None:
        """When the record of the first repository begins."""
        return self._recorded[0][0] if self._recorded else None

    def recorded_late(self, starts: datetime) -> list[tuple[str, datetime]]:
        """Repositories of which less than four weeks before that moment are on record, with the beginning."""
        return [(name, since) for since, name in self._recorded if since > starts - timedelta(weeks=4)]

    def before(self, week: Week, most: int) -> Span | None:
        """The weeks before, as many as are on record whole; None where not one is."""
        if self.recorded_since is None:
            return None
        whole = [back for back in range(1, most + 1) if week.back(back).starts >= self.recorded_since]
        return Span(week.back(len(whole)).starts, week.starts, len(whole)) if whole else None


def _dated(rows: Iterable[Row], column: str) -> list[Dated]:
    """Oldest first; rows without that time belong to no week."""
    return sorted(((parsed(row[column]), row) for row in rows if row[column]), key=_at)


def _within(pairs: Sequence[tuple[datetime, T]], span: Span) -> Sequence[tuple[datetime, T]]:
    """Of pairs in order of their times."""
    return pairs[bisect_left(pairs, span.starts, key=_at) : bisect_left(pairs, span.ends, key=_at)]
