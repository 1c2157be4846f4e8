"""What came in: deliveries, repositories, pull requests and their timeline."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from bot.domain import Delivery, PullRequest, Repository
from bot.ledger.rows import clean, upsert


def keep_repository(database: Database, repository: Repository, *, is_served: bool) -> None:
    """`is_served` takes back an earlier removal; hearing of a repository alone does not."""
    row: dict[str, Any] = {"id": repository.id, "owner": repository.owner, "name": repository.name}
    if repository.installation_id is not None:
        row["installation_id"] = repository.installation_id
    if is_served:
        row["removed_at"] = None
    upsert(database, "repositories", row, ["id"])


def rename_repository(database: Database, repository: Repository) -> bool:
    names = [clean(repository.owner), clean(repository.name), repository.id]
    return database.conn.execute("UPDATE repositories SET owner = ?, name = ? WHERE id = ?", names).rowcount == 1


def keep_delivery(database: Database, delivery: Delivery) -> None:
    if delivery.repository:
        known = database.conn.execute("SELECT 1 FROM repositories WHERE id = ?", [delivery.repository.id]).fetchone()
        if not known:  # an old delivery, sent again, must not bring an old name back
            keep_repository(database, delivery.repository, is_served=False)
    row = {
        "guid": delivery.guid,
        "event": delivery.event,
        "action": delivery.action,
        "received_at": delivery.received_at,
        "repository_id": delivery.repository.id if delivery.repository else None,
        "sender": delivery.sender,
        "job_count": len(delivery.jobs),
        "jobs": [job.to_json() for job in delivery.jobs],
        "ignored_because": delivery.ignored_because,
        "payload": delivery.payload,
    }
    upsert(database, "deliveries", row, ["guid"])


def keep_pull_request(database: Database, pull_request: PullRequest) -> None:
    keep_repository(database, pull_request.repository, is_served=True)
    row = pull_request.to_json() | {"key": pull_request.key, "repository_id": pull_request.repository.id}
    del row["repository"]
    upsert(database, "pull_requests", row, ["key"])


def keep_event(
    database: Database, repository_id: int, number: int, event: str, at: str, actor: str, details: Mapping[str, Any]
) -> None:
    row = {
        "repository_id": repository_id,
        "number": number,
        "event": event,
        "at": at,
        "actor": actor,
        "details": dict(details),
    }
    upsert(database, "events", row, ["repository_id", "number", "event", "at", "actor"])


def remove_repositories(database: Database, ids: Sequence[int], at: str) -> int:
    """Marks them as no longer served; what they left behind stays. How many were served until now."""
    removed = 0
    for repository_id in ids:
        removed += database.conn.execute(
            "UPDATE repositories SET removed_at = ? WHERE id = ? AND removed_at IS NULL", [at, repository_id]
        ).rowcount
    return removed


def drop_payloads(database: Database, before: str) -> int:
    """Empties the raw text of deliveries received before that time; the rest of the row stays."""
    return int(
        database.conn.execute(
            "UPDATE deliveries SET payload = NULL, jobs = NULL WHERE received_at < ? "
            "AND (payload IS NOT NULL OR jobs IS NOT NULL)",
            [before],
        ).rowcount
    )
