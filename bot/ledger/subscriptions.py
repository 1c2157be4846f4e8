"""Which channel hears of which repository."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain import Repository, Transport
from bot.ledger.opening import Opened
from bot.ledger.rows import upsert

_SELECT = """SELECT subscriptions.*, repositories.owner, repositories.name, repositories.installation_id
    FROM subscriptions JOIN repositories ON repositories.id = subscriptions.repository_id"""


@dataclass(frozen=True)
class Subscription:
    transport: Transport
    workspace: str
    channel: str
    repository: Repository
    wants: dict[str, Any]
    """As the subscriber put it, such as `{"findings": "high", "weekly": true}`."""
    by: str
    at: str


class Subscriptions(Opened):
    def subscribe(
        self,
        transport: Transport,
        workspace: str,
        channel: str,
        repository_id: int,
        wants: Mapping[str, Any],
        by: str,
        at: str,
    ) -> None:
        """A channel hears of a repository from now on; again, it hears of what it wants now. It must be known."""
        row = {
            "transport": transport,
            "workspace": workspace,
            "channel": channel,
            "repository_id": repository_id,
            "wants": dict(wants),
            "subscribed_by": by,
            "at": at,
        }
        with self._connection.writing() as database:
            upsert(database, "subscriptions", row, ["transport", "workspace", "channel", "repository_id"])

    def unsubscribe(self, transport: Transport, workspace: str, channel: str, repository_id: int) -> bool:
        """False where it heard nothing of it anyway."""
        sql = """DELETE FROM subscriptions WHERE transport = :transport AND workspace = :workspace
            AND channel = :channel AND repository_id = :repository_id"""
        values = {
            "transport": transport,
            "workspace": workspace,
            "channel": channel,
            "repository_id": repository_id,
        }
        return self._changed(sql, values) == 1

    def subscriptions(self, transport: Transport, workspace: str, channel: str) -> list[Subscription]:
        """What a channel hears of, by repository."""
        sql = f"""{_SELECT} WHERE transport = :transport AND workspace = :workspace AND channel = :channel
            ORDER BY repositories.owner, repositories.name"""
        values = {"transport": transport, "workspace": workspace, "channel": channel}
        return [_subscription(row) for row in self._rows(sql, values)]

    def subscribers(self, repository_id: int) -> list[Subscription]:
        """The channels that hear of a repository."""
        sql = f"{_SELECT} WHERE repository_id = :repository_id ORDER BY transport, workspace, channel"
        return [_subscription(row) for row in self._rows(sql, {"repository_id": repository_id})]


def _subscription(row: dict[str, Any]) -> Subscription:
    repository = Repository(
        id=row["repository_id"], owner=row["owner"], name=row["name"], installation_id=row["installation_id"]
    )
    return Subscription(
        transport=row["transport"],
        workspace=row["workspace"],
        channel=row["channel"],
        repository=repository,
        wants=json.loads(row["wants"]),
        by=row["subscribed_by"],
        at=row["at"],
    )
