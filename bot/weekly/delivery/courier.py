"""Brings each week's summary to each destination once: late rather than never, and never twice.

It is made, said and remembered in durable steps, so a crash leaves one question: whether what was being said was said.
An issue is known by its marker and a file by its name: they stand once. E-mail goes out again, under the same
Message-ID. Chat cannot be asked: it is told at most once, and what a crash cut off there is told again by hand.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain import Model, Repository
from bot.errors import SeawallError
from bot.github import GitHubHost
from bot.ledger import Ledger
from bot.logs import logger
from bot.settings import Settings
from bot.weekly.delivery.destinations import (
    Destination,
    of_organisations,
    of_repository,
    set_for,
    subscribed,
    told_by_settings,
    without_doubles,
)
from bot.weekly.delivery.made_once import MadeOnce
from bot.weekly.delivery.ways import send
from bot.weekly.reading import read_summary, zone_of
from bot.weekly.schedule import due, due_of
from bot.weekly.summary import Summary
from bot.weekly.week import Week

_log = logger(__name__)
Step = Callable[[str, Callable[[], Any]], Any]
"""Runs a function under a name; gives what it gave, now or before a crash."""
_MOST_KEPT: Final = 20
_FRESH_S: Final = 1800.0
"""All destinations that are told within this time are told in the same words, and the model is asked once."""


class Delivered(NamedTuple):
    """What came of one destination. `failure` is empty where it was told."""

    destination: Destination
    failure: str = ""


def at_once(_name: str, function: Callable[[], Any]) -> Any:
    """A step of what nobody resumes."""
    return function()


class Courier:
    """One for a process. `clock` gives the time with its zone. Times are compared in UTC."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        host: GitHubHost,
        clock: Callable[[], datetime],
        model: Model | None = None,
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._host = host
        self._clock = clock
        self._model = model
        self._life = secrets.token_hex(8)
        self._made: MadeOnce[Summary] = MadeOnce(clock, _FRESH_S, _MOST_KEPT)

    def due(self, now: datetime) -> dict[str, dict[str, Any]]:
        """By week and destination: what is to be told now, and was not. Who came after its time waits for the next.

        The name is that of the errand: two workers that ask at the same moment begin it once.
        """
        if self._settings.paused:
            return {}
        told = cache(lambda week: frozenset(self._ledger.summaries_told(week)))
        found = {}
        for destination, since in self._wanted(now):
            turn = due(now, self._settings.weekly.of(destination.subject))
            if since < turn.at and destination.name not in told(turn.week.name):
                errand = {"destination": destination.to_json(), "week": turn.week.name}
                found[f"{turn.week.name}:{destination.name}"] = errand
        return found

    def deliver(self, errand: dict[str, Any], step: Step = at_once) -> None:
        """Tells one of them; again, it does nothing. Raises as `ways.send`, and LedgerError."""
        destination = Destination.from_json(errand["destination"])
        week = Week(errand["week"], self._zone(destination))
        if not step("is it told", lambda: destination.name in self._ledger.summaries_told(week.name)):
            self._tell(destination, week, step, partial(self._perhaps_late, destination, week))

    def post(self, week: Week, repository: Repository | None = None) -> list[Delivered]:
        """Tells a week at once, to everybody whom it concerns: a repository's, or every organisation's, by the clock of
        each. Also where it was told before: somebody asked for it. A week that is over is then not told again by
        itself."""
        found = []
        for destination in self._concerned(repository):
            own = Week(week.name, self._zone(destination))
            try:
                self._tell(destination, own, at_once, partial(self._made_for, destination, own))
            except SeawallError as failed:
                found.append(Delivered(destination, str(failed)))
            else:
                found.append(Delivered(destination))
        return found

    def summary(self, subject: str, repository_ids: Sequence[int], week: Week) -> Summary:
        """Made once for all that are told within half an hour."""

        def make() -> Summary:
            known = [one for one in self._ledger.known_repositories() if one.id in repository_ids]
            now = self._clock()
            return read_summary(self._ledger, known, subject, week, self._settings.weekly, now, self._model)

        return self._made.of((subject, tuple(sorted(repository_ids)), week.name), make)

    def _tell(self, destination: Destination, week: Week, step: Step, make: Callable[[], Summary]) -> None:
        summary = Summary.from_json(step("make the summary", lambda: make().to_json()))
        begun_in = step("begin to say it", lambda: self._life)

        def say() -> None:
            if destination.way == "chat" and begun_in != self._life:
                _log.warning("a summary was cut off by a crash; it may not stand there", destination=destination.name)
                return
            send(destination, summary, self._settings, self._host, self._clock())

        step("say it", say)
        if summary.facts.is_over:
            told = (week.name, destination.name, _iso(self._clock()), summary.is_late)
            step("remember it", lambda: self._ledger.keep_summary_told(*told))

    def _zone(self, destination: Destination) -> ZoneInfo:
        return zone_of(self._settings.weekly.of(destination.subject))

    def _made_for(self, destination: Destination, week: Week) -> Summary:
        return self.summary(destination.subject, destination.repository_ids, week)

    def _perhaps_late(self, destination: Destination, week: Week) -> Summary:
        is_late = due_of(week, self._settings.weekly.of(destination.subject)).is_late(self._clock())
        return self._made_for(destination, week).model_copy(update={"is_late": is_late})

    def _wanted(self, now: datetime) -> Iterator[tuple[Destination, datetime]]:
        """Every destination there is, with since when."""
        known = self._ledger.known_repositories()
        since: dict[str, str] = {}
        channels = [each for repository in known for each in subscribed(self._ledger, repository)]
        named = told_by_settings(known, self._settings.weekly)
        if named:
            since = self._ledger.destinations_since([each.name for each in named], _iso(now))
        since |= {destination.name: at for destination, at in channels}
        for each in without_doubles([*(destination for destination, _ in channels), *named]):
            yield each, datetime.fromisoformat(since[each.name])

    def _concerned(self, repository: Repository | None) -> list[Destination]:
        if repository is None:
            subjects = of_organisations(self._ledger.known_repositories())
            return [each for subject in subjects for each in set_for(subject, self._settings.weekly)]
        channels = [destination for destination, _ in subscribed(self._ledger, repository)]
        return without_doubles([*channels, *set_for(of_repository(repository), self._settings.weekly)])


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
