"""The App's own log of webhook deliveries: GitHub repeats none by itself, so we ask for those that failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.github.host import GitHubHost
from bot.github.routes import Route

MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class AppDelivery:
    """One try of a delivery. Tries of the same event share the `guid`, which is the X-GitHub-Delivery header."""

    id: int
    guid: str
    delivered_at: datetime
    event: str
    action: str
    status_code: int
    """What we answered; 0 where we could not be reached."""
    is_redelivery: bool
    installation_id: int | None
    repository_id: int | None

    @property
    def was_taken(self) -> bool:
        return 200 <= self.status_code < 300


def app_deliveries(host: GitHubHost, since: datetime) -> Iterator[AppDelivery]:
    """Latest first, back to `since` (with its zone). GitHub keeps three days. Raises SettingsError without an App."""
    for page in host.app_api().chain(Route("/app/hook/deliveries"), limit=MOST_PAGES):
        for entry in page:
            delivery = _delivery(entry)
            if delivery.delivered_at < since:
                return
            yield delivery


def redeliver(host: GitHubHost, delivery_id: int) -> None:
    """Asks GitHub to send this delivery again. Doing so twice is harmless: the edge knows its guid."""
    route = Route("/app/hook/deliveries/{delivery_id}/attempts", {"delivery_id": delivery_id})
    host.app_api().write("POST", route, repeatable=True)


def _delivery(entry: dict[str, Any]) -> AppDelivery:
    return AppDelivery(
        id=entry["id"],
        guid=entry["guid"],
        delivered_at=datetime.fromisoformat(entry["delivered_at"]),
        event=entry["event"],
        action=entry["action"] or "",
        status_code=entry["status_code"],
        is_redelivery=entry["redelivery"],
        installation_id=entry["installation_id"],
        repository_id=entry["repository_id"],
    )
