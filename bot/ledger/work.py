"""What came in: deliveries, repositories, pull requests and their timeline."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlite_utils import Database

from bot.domain import Delivery, PullRequest, Repository
from bot.ledger.opening import Opened, now
from bot.ledger.rows import as_json, clean, upsert

REVIEW_BEGAN = "review-began"


_PULL_REQUEST = (
    "number", "base_ref", "base_sha", "head_ref", "head_sha", "title", "body", "author", "author_is_bot",
    "is_draft", "is_open", "url", "created_at",
)  # fmt: skip


_TELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "commented": ("place", "id"),
    "reviewed": ("review_id", "state"),
    "checked": ("app", "sha"),
    "deployed": ("id",),
    "released": ("tag",),
    "incident-opened": ("issue",),
    "incident-closed": ("issue",),
    "reverts": ("number",),
}
"""Event → the details by which two of them in one moment differ."""


class Work(Opened):
    def keep_delivery(self, delivery: Delivery) -> None:
        with self._connection.writing() as database:
            keep_delivery(database, delivery)

    def keep_repository(self, repository: Repository) -> None:
        """A repository that is served from now on."""
        with self._connection.writing() as database:
            keep_repository(database, repository, is_served=True)

    def keep_pull_request(self, pull_request: PullRequest) -> None:
        with self._connection.writing() as database:
            keep_pull_request(database, pull_request)

    def pull_request(self, repository_id: int, number: int) -> PullRequest | None:
        """As last heard of."""
        sql = """SELECT pull_requests.*, repositories.owner, repositories.name AS repository_name,
                repositories.installation_id
            FROM pull_requests JOIN repositories ON repositories.id = pull_requests.repository_id
            WHERE repository_id = :repository_id AND number = :number"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        return pull_request_of(rows[0]) if rows else None

    def keep_event(
        self,
        repository_id: int,
        number: int,
        event: str,
        at: str,
        actor: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """One moment of a pull request's timeline. The repository must be known."""
        with self._connection.writing() as database:
            keep_event(database, repository_id, number, event, at, actor, details or {})

    def begin_review(self, pull_request: PullRequest, at: str) -> bool:
        """Notes in the timeline that a review of this head begins. True where the head was announced to us and none
        has begun before: then nothing of ours can stand on it yet."""
        with self._connection.writing() as database:
            return begin_review(database, pull_request, at)

    def known_repositories(self) -> list[Repository]:
        """Repositories that are served, by name."""
        with self._connection.reading() as database:
            rows = database.query(
                "SELECT id, owner, name, installation_id FROM repositories WHERE removed_at IS NULL "
                "ORDER BY owner, name"
            )
            return [Repository(**row) for row in rows]

    def ids_of(self, full_name: str) -> list[int]:
        """Ids of the repositories known by `owner/name`, served or not."""
        sql = "SELECT id FROM repositories WHERE owner || '/' || name = :full_name COLLATE NOCASE"
        return [int(row["id"]) for row in self._rows(sql, {"full_name": full_name})]

    def rename_repository(self, repository: Repository) -> None:
        """The repository with this id has a new owner or name. One that is not known is not added."""
        with self._connection.writing() as database:
            rename_repository(database, repository)

    def remove_repository(self, repository_id: int) -> None:
        """No longer served; its record stays."""
        self.remove_repositories([repository_id])

    def remove_repositories(self, repository_ids: Sequence[int]) -> None:
        """None of them is served any longer."""
        with self._connection.writing() as database:
            remove_repositories(database, repository_ids, now())

    def remove_installation(self, installation_id: int) -> None:
        """Takes away every repository of an installation."""
        with self._connection.writing() as database:
            rows = database.conn.execute(
                "SELECT id FROM repositories WHERE installation_id = ?", [installation_id]
            ).fetchall()
            remove_repositories(database, [row[0] for row in rows], now())


def keep_repository(database: Database, repository: Repository, *, is_served: bool) -> None:
    """`is_served` takes back an earlier removal; hearing of a repository alone does not."""
    row: dict[str, Any] = {"id": repository.id, "owner": repository.owner, "name": repository.name}
    if repository.installation_id is not None:
        row["installation_id"] = repository.installation_id
    if is_served:
        row["removed_at"] = None
    upsert(database, "repositories", row, ["id"])


def keep_repository_if_unknown(database: Database, repository: Repository) -> None:
    """What is old, and heard again, must not bring an old name back."""
    if not database.conn.execute("SELECT 1 FROM repositories WHERE id = ?", [repository.id]).fetchone():
        keep_repository(database, repository, is_served=False)


def rename_repository(database: Database, repository: Repository) -> None:
    names = [clean(repository.owner), clean(repository.name), repository.id]
    database.conn.execute("UPDATE repositories SET owner = ?, name = ? WHERE id = ?", names)


def keep_delivery(database: Database, delivery: Delivery) -> None:
    if delivery.repository:
        keep_repository_if_unknown(database, delivery.repository)
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
    """One that is known already gains the details it lacked: a delivery and a look back tell different ones."""
    database.conn.execute(
        """INSERT INTO events (repository_id, number, event, at, actor, details, ref)
        VALUES (:repository_id, :number, :event, :at, :actor, :details, :ref)
        ON CONFLICT (repository_id, number, event, at, actor, ref)
            DO UPDATE SET details = json_patch(details, excluded.details)""",
        {
            "repository_id": repository_id,
            "number": number,
            "event": event,
            "at": at,
            "actor": clean(actor),
            "details": as_json(details),
            "ref": clean(told_apart_by(event, details)),
        },
    )


def told_apart_by(event: str, details: Mapping[str, Any]) -> str:
    """What tells two events of one kind, moment and actor apart; empty where nothing needs to."""
    found = (details.get(name) for name in _TELLING.get(event, ()))
    return " ".join(str(value) for value in found if value is not None)


def begin_review(database: Database, pull_request: PullRequest, at: str) -> bool:
    repository_id, number, head_sha = pull_request.repository.id, pull_request.number, pull_request.head_sha
    is_announced = database.conn.execute(
        "SELECT 1 FROM pull_requests WHERE key = ? AND head_sha = ?", [pull_request.key, head_sha]
    ).fetchone()
    has_begun = database.conn.execute(
        "SELECT 1 FROM events WHERE repository_id = ? AND number = ? AND event = ? "
        "AND json_extract(details, '$.head_sha') = ?",
        [repository_id, number, REVIEW_BEGAN, head_sha],
    ).fetchone()
    keep_repository_if_unknown(database, pull_request.repository)
    keep_event(database, repository_id, number, REVIEW_BEGAN, at, "", {"head_sha": head_sha})
    return bool(is_announced) and not has_begun


def remove_repositories(database: Database, ids: Sequence[int], at: str) -> None:
    """Marks them as no longer served; what they left behind stays."""
    for repository_id in ids:
        database.conn.execute(
            "UPDATE repositories SET removed_at = ? WHERE id = ? AND removed_at IS NULL", [at, repository_id]
        )


def drop_payloads(database: Database, before: str) -> int:
    """Empties the raw text of deliveries received before that time; the rest of the row stays."""
    return int(
        database.conn.execute(
            "UPDATE deliveries SET payload = NULL, jobs = NULL WHERE received_at < ? "
            "AND (payload IS NOT NULL OR jobs IS NOT NULL)",
            [before],
        ).rowcount
    )


def pull_request_of(row: dict[str, Any]) -> PullRequest:
    """A row of `pull_requests`, with `owner`, `repository_name` and `installation_id` of its repository."""
    repository = Repository(
        id=row["repository_id"],
        owner=row["owner"],
        name=row["repository_name"],
        installation_id=row["installation_id"],
    )
    known = {name: row[name] for name in _PULL_REQUEST}
    return PullRequest(repository=repository, labels=tuple(json.loads(row["labels"])), **known)
