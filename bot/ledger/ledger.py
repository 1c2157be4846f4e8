"""The ledger: what other rooms may ask of the record."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.domain import Delivery, Posted, PullRequest, Receipt, Repository, Review, Severity
from bot.errors import LedgerError
from bot.ledger import forgetting, reviews, work
from bot.ledger.connection import BUSY_TIMEOUT_S, Connection
from bot.ledger.queries import BY_NAME
from bot.ledger.reviews import Said
from bot.ledger.rows import upsert

_COUNTED = (
    "repositories",
    "pull_requests",
    "deliveries",
    "events",
    "reviews",
    "findings",
    "dropped",
    "comments",
    "model_calls",
    "outcomes",
)


class Ledger:
    """The record in one SQLite file, opened on first use and safe to share between threads and through a fork.

    Every write may be repeated and then changes nothing. Every method raises errors.LedgerError, which says what to
    do, when the file cannot be used. Times are ISO 8601 in UTC.
    """

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._connection = Connection(path, busy_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file in this process; the next call opens it again."""
        self._connection.close()

    # What came in

    def keep_delivery(self, delivery: Delivery) -> None:
        with self._connection.writing() as database:
            work.keep_delivery(database, delivery)

    def keep_repository(self, repository: Repository) -> None:
        """A repository that is served from now on."""
        with self._connection.writing() as database:
            work.keep_repository(database, repository, is_served=True)

    def keep_pull_request(self, pull_request: PullRequest) -> None:
        with self._connection.writing() as database:
            work.keep_pull_request(database, pull_request)

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
            work.keep_event(database, repository_id, number, event, at, actor, details or {})

    def known_repositories(self) -> list[Repository]:
        """Repositories that are served, by name."""
        with self._connection.reading() as database:
            rows = database.query(
                "SELECT id, owner, name, installation_id FROM repositories WHERE removed_at IS NULL "
                "ORDER BY owner, name"
            )
            return [Repository(**row) for row in rows]

    def rename_repository(self, repository: Repository) -> bool:
        """The repository with this id has a new owner or name. False where it is not known: it is not added."""
        with self._connection.writing() as database:
            return work.rename_repository(database, repository)

    def remove_repository(self, repository_id: int) -> bool:
        """No longer served; its record stays. False where it was not served anyway."""
        return self.remove_repositories([repository_id]) == 1

    def remove_repositories(self, repository_ids: Sequence[int]) -> int:
        """How many of them were served until now."""
        with self._connection.writing() as database:
            return work.remove_repositories(database, repository_ids, _now())

    def remove_installation(self, installation_id: int) -> int:
        """Takes away every repository of an installation. How many were served until now."""
        with self._connection.writing() as database:
            rows = database.conn.execute(
                "SELECT id FROM repositories WHERE installation_id = ?", [installation_id]
            ).fetchall()
            return work.remove_repositories(database, [row[0] for row in rows], _now())

    # What went out

    def keep_review(
        self,
        key: str,
        pull_request: PullRequest,
        generation: int,
        trigger: str,
        mode: str,
        review: Review,
        posted: Posted | None,
        said: Mapping[str, Said],
        started_at: str,
        finished_at: str,
    ) -> None:
        """One run, its receipt, what it kept, dropped and said, in one transaction.

        `said` maps fingerprints to where they were said; a finding it does not name counts as held back.
        """
        with self._connection.writing() as database:
            reviews.keep_review(
                database, key, pull_request, generation, trigger, mode, review, posted, said, started_at, finished_at
            )

    def keep_model_call(
        self,
        call_id: str,
        *,
        review_key: str,
        model: str,
        prompt: str,
        prompt_version: str,
        outcome: str,
        at: str,
        repository_id: int | None = None,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cached_tokens: int = 0,
        cost_usd: float | None = None,
        latency_s: float = 0.0,
        attempts: int = 1,
    ) -> None:
        """One call to the model; `call_id` tells repeated writes of it. `outcome`: answered, refused, unavailable …"""
        row = {
            "id": call_id,
            "review_key": review_key,
            "repository_id": repository_id,
            "model": model,
            "prompt": prompt,
            "prompt_version": prompt_version,
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "cached_tokens": cached_tokens,
            "cost_usd": cost_usd,
            "latency_s": latency_s,
            "attempts": attempts,
            "outcome": outcome,
            "at": at,
        }
        with self._connection.writing() as database:
            upsert(database, "model_calls", row, ["id"])

    def said(self, repository_id: int, number: int) -> set[str]:
        """Fingerprints of points already made on this pull request, inline or listed."""
        with self._connection.reading() as database:
            return reviews.said_on(database, repository_id, number)

    def receipt_for(self, repository_id: int, number: int, base_sha: str, head_sha: str) -> Receipt | None:
        """The latest receipt for exactly this base and head."""
        where = "repository_id = :repository_id AND number = :number AND base_sha = :base_sha AND head_sha = :head_sha"
        values = {"repository_id": repository_id, "number": number, "base_sha": base_sha, "head_sha": head_sha}
        with self._connection.reading() as database:
            return reviews.latest_receipt(database, where, values)

    def receipt_for_head(self, repository_id: int, head_sha: str, base_ref: str = "") -> Receipt | None:
        """The latest receipt for this head, into that base branch where one is named; the base may have moved."""
        where = "repository_id = :repository_id AND head_sha = :head_sha"
        values = {"repository_id": repository_id, "head_sha": head_sha, "base_ref": base_ref}
        if base_ref:
            where += " AND base_ref = :base_ref"
        with self._connection.reading() as database:
            return reviews.latest_receipt(database, where, values)

    def worst_at_head(self, repository_id: int, head_sha: str) -> Severity | None:
        """The weightiest finding of any run at this head; None where there was none."""
        with self._connection.reading() as database:
            return reviews.worst_at(database, repository_id, head_sha)

    def spent_usd_since(self, at: str) -> float:
        """What model calls since that time cost, as far as prices are known."""
        with self._connection.reading() as database:
            row = database.conn.execute("SELECT TOTAL(cost_usd) FROM model_calls WHERE at >= ?", [at]).fetchone()
            return float(row[0])

    # Reading and forgetting

    def ask(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a named query (`queries.py`)."""
        if name not in BY_NAME:
            raise LedgerError(f"The ledger has no query named {name}. It has: {', '.join(BY_NAME)}.")
        with self._connection.reading() as database:
            return list(database.query(BY_NAME[name].sql, values))

    def recent_reviews(self, limit: int = 20) -> list[dict[str, Any]]:
        """The latest runs, newest first, with their repository and title."""
        return self.ask("recent-reviews", limit=limit)

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        with self._connection.reading() as database:
            return {table: database.table(table).count for table in _COUNTED}

    def forget(self, repository: str | None = None, user: str | None = None) -> dict[str, int]:
        """Deletes a repository (`owner/name`), or puts a pseudonym in place of a user. Rows touched, by table."""
        counts: dict[str, int] = {}
        with self._connection.writing() as database:
            for more in (
                forgetting.forget_repository(database, repository) if repository else {},
                forgetting.forget_user(database, user) if user else {},
            ):
                for table, count in more.items():
                    counts[table] = counts.get(table, 0) + count
        with self._connection.reading() as database:
            database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or the log beside the file would remember
        return counts

    def retention(self, keep_days: float, now: datetime | None = None) -> int:
        """Drops the raw text of deliveries older than that. How many."""
        before = (now or datetime.now(UTC)) - timedelta(days=keep_days)
        with self._connection.writing() as database:
            return work.drop_payloads(database, before.isoformat(timespec="seconds"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
