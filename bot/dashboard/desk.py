"""What a page has at hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from flask import g, request

from bot.dashboard.people import People
from bot.dashboard.reader import Reader, Sight
from bot.dashboard.viewer import Viewer
from bot.domain import Delivery
from bot.domain.workers import WorkerSeen
from bot.errors import SeawallError
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
        """The same, narrowed by `?repository=owner/name`, or by an address of one repository. Raises NotFound."""
        if "sight" not in g:
            in_path = request.view_args or {}
            named = f"{in_path['owner']}/{in_path['name']}" if "owner" in in_path else ""
            g.sight = self.whole_sight.only(named or request.args.get("repository", "").strip())
        return cast(Sight, g.sight)

    @property
    def zone(self) -> ZoneInfo:
        """Of all that is in sight: an organisation's own where it is one organisation's alone, a repository's own where
        it is that repository's alone; before anything is, the one for all."""
        if "zone" not in g:
            g.zone = ZoneInfo(self.settings.weekly.of(self._subject()).zone)
        return cast(ZoneInfo, g.zone)

    def _subject(self) -> str:
        if not self.settings.weekly.clocks or g.get("viewer") is None:
            return ""
        try:
            seen = [row for row in self.whole_sight.repositories() if row["id"] in self.sight.ids]
        except SeawallError:
            return ""
        owners = {row["owner"] for row in seen}
        return seen[0]["repository"] if len(seen) == 1 else owners.pop() if len(owners) == 1 else ""

    def audit(self, action: str, subject: str, outcome: str, repository_id: int | None = None) -> None:
        at = self.now().isoformat(timespec="seconds")
        self.reader.ledger.keep_audit(self.viewer.login, action, subject, outcome, at, repository_id)


def shared(**more: Any) -> dict[str, Any]:
    """The names every template knows, with those of one page."""
    return {"viewer": g.get("viewer")} | more
