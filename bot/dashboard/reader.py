"""What pages ask of the record: always as somebody, and answered only of what that person may see."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.dashboard.viewer import Viewer
from bot.errors import LedgerError, NotFound

if TYPE_CHECKING:  # the web server loads the ledger with the first page, not at its start
    from bot.dashboard.week_facts import WeekFacts
    from bot.ledger import Ledger
    from bot.weekly.facts import Facts
    from bot.weekly.week import Week

Row = dict[str, Any]


class Reader:
    """One for a process. The ledger is opened at the first question, in the process that asks."""

    def __init__(self, open_ledger: "Callable[[], Ledger]", facts: "Callable[[Ledger], WeekFacts]") -> None:
        self._open = open_ledger
        self._make_facts = facts
        self._ledger: Ledger | None = None
        self._facts: WeekFacts | None = None
        self._lock = threading.Lock()

    @property
    def ledger(self) -> "Ledger":
        """The whole of it: for sign-in and the audit, never for what a page shows."""
        with self._lock:
            if self._ledger is None:
                self._ledger = self._open()
            return self._ledger

    @property
    def facts(self) -> "WeekFacts":
        ledger = self.ledger
        with self._lock:
            if self._facts is None:
                self._facts = self._make_facts(ledger)
            return self._facts

    def for_viewer(self, viewer: Viewer) -> "Sight":
        return Sight(self, viewer, self._ids(viewer))

    def _ids(self, viewer: Viewer) -> tuple[int, ...]:
        known = [repository.id for repository in self.ledger.known_repositories()]
        return tuple(viewer.among(known))


@dataclass(frozen=True)
class Sight:
    """The record as one person sees it in one request: `ids` are the repositories it may tell of."""

    _reader: Reader
    viewer: Viewer
    ids: tuple[int, ...]

    def ask(self, name: str, **values: Any) -> list[Row]:
        """The rows of a named query, which must be one that asks for `:repositories`. Raises LedgerError."""
        from bot.ledger.queries import BY_NAME

        query = BY_NAME.get(name)
        if query is None or ":repositories" not in query.sql:
            raise LedgerError(f"The query {name} does not ask who may see its answer; pages may not use it.")
        return self._reader.ledger.ask(name, repositories=json.dumps(self.ids), **values)

    def repositories(self) -> list[Row]:
        """Those the person may see: id, owner, name, repository (`owner/name`), installation_id, open, reviewed_at,
        has_map."""
        return self._repositories

    @cached_property
    def _repositories(self) -> list[Row]:
        return self.ask("repositories-seen")

    def only(self, repository: str) -> "Sight":
        """The same, narrowed to `owner/name`; unchanged where that is empty. Raises NotFound, which says the same of a
        repository that does not exist as of one that this person may not see."""
        if not repository:
            return self
        for row in self.repositories():
            if row["repository"].lower() == repository.lower():
                return Sight(self._reader, self.viewer, (row["id"],))
        raise NotFound("There is no such repository on record, or you may not see it.")

    def facts(self, week: "Week") -> "Facts":
        """Everything of one week, of the repositories in sight, as kept: `made_at` says of when. Raises LedgerError."""
        return self._reader.facts.of(self.ids, week)

    def facts_of_weeks(self, weeks: "Sequence[Week]") -> "list[Facts]":
        """As `facts`. Those that are lacking are made one after the other: what weeks share is computed once."""
        return self._reader.facts.of_weeks(self.ids, weeks)
