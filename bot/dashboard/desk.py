"""What a page has at hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from flask import g, request

from bot.dashboard.people import People
from bot.dashboard.reader import Reader, Sight
from bot.dashboard.viewer import Viewer
from bot.domain import Delivery
from bot.domain.workers import WorkerSeen
from bot.settings import Settings


class Works(Protocol):
    """What pages ask of the engine. Each raises errors.EngineUnavailable."""

    def backlog(self) -> Mapping[str, int]: ...

    def alive(self) -> bool: ...

    def workers(self) -> Sequence[WorkerSeen]: ...

    def submit(self, delivery: Delivery) -> bool: ...


@dataclass(frozen=True)
class Desk:
    """One for a process; `sight`, `whole_sight` and `viewer` are those of the request under way."""

    settings: Settings
    reader: Reader
    people: People
    works: Works
    now: Callable[[], datetime]

    @property
    def viewer(self) -> Viewer:
        return cast(Viewer, g.viewer)

    @property
    def whole_sight(self) -> Sight:
        """The record as whoever asks may see it. Which repositories there are is asked once in a request."""
        if "whole_sight" not in g:
            g.whole_sight = self.reader.for_viewer(self.viewer)
        return cast(Sight, g.whole_sight)

    @property
    def sight(self) -> Sight:
        """The same, narrowed by `?repository=owner/name`. Raises NotFound."""
        if "sight" not in g:
            g.sight = self.whole_sight.only(request.args.get("repository", "").strip())
        return cast(Sight, g.sight)

    def audit(self, action: str, subject: str, outcome: str, repository_id: int | None = None) -> None:
        at = self.now().isoformat(timespec="seconds")
        self.reader.ledger.keep_audit(self.viewer.login, action, subject, outcome, at, repository_id)


def shared(**more: Any) -> dict[str, Any]:
    """The names every template knows, with those of one page."""
    return {"viewer": g.get("viewer")} | more
