"""The ledger: what other rooms may ask of the record. Each topic has its file; here they become one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import Evidence, Guidance, Point, Waiver
from bot.errors import LedgerError
from bot.ledger import commands, forgetting, links, model_answers, work
from bot.ledger.api_tokens import ApiTokens
from bot.ledger.commands import Commands
from bot.ledger.evidence import Seen
from bot.ledger.flow import Flow
from bot.ledger.links import Links
from bot.ledger.memory import Memory
from bot.ledger.model_answers import ModelAnswers
from bot.ledger.model_calls import ModelCalls
from bot.ledger.model_holds import ModelHolds
from bot.ledger.pauses import Pauses
from bot.ledger.points import Points
from bot.ledger.postures import Postures
from bot.ledger.queries import BY_NAME
from bot.ledger.reading import Reading
from bot.ledger.reviews import Reviews
from bot.ledger.rule_drafts import RuleDrafts
from bot.ledger.rule_records import RuleRecords
from bot.ledger.sessions import Sessions, drop_ended_sessions
from bot.ledger.subscriptions import Subscriptions
from bot.ledger.summaries import Summaries
from bot.ledger.unsettled import Unsettled
from bot.ledger.waivers import Waivers
from bot.ledger.work import Work

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
    "points",
    "point_aliases",
    "evidence",
    "waivers",
    "guidance",
    "incidents",
    "pauses",
    "commands",
    "link_codes",
    "links",
    "subscriptions",
    "files_read",
    "posture_maps",
    "posture_changes",
    "backfills",
    "login_links",
    "sessions",
    "api_tokens",
    "audit",
    "summary_destinations",
    "summaries_told",
    "model_answers",
    "model_holds",
    "rule_drafts",
)


@dataclass(frozen=True)
class Remembered:
    """What a review wants to know of its pull request, as the methods of these names give it."""

    points: list[Point]
    evidence: dict[str, list[Evidence]]
    waivers: list[Waiver]
    guidance: list[Guidance]
    files_read: dict[str, str]
    head_read: str


class Ledger(
    Work,
    Reviews,
    ModelCalls,
    ModelHolds,
    ModelAnswers,
    Reading,
    Points,
    Seen,
    RuleRecords,
    RuleDrafts,
    Waivers,
    Memory,
    Pauses,
    Commands,
    Links,
    Subscriptions,
    Unsettled,
    Postures,
    Flow,
    Summaries,
    Sessions,
    ApiTokens,
):
    """The record in one SQLite file, opened on first use and safe to share between threads and through a fork.

    Every write may be repeated and then changes nothing. Every method raises errors.LedgerError, which says what to
    do, when the file cannot be used. Times are ISO 8601 in UTC.
    """

    def ask(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a named query (`queries/`)."""
        if name not in BY_NAME:
            raise LedgerError(f"The ledger has no query named {name}. It has: {', '.join(BY_NAME)}.")
        with self._connection.reading() as database:
            return list(database.query(BY_NAME[name].sql, values))

    def recent_reviews(self, limit: int = 20) -> list[dict[str, Any]]:
        """The latest runs, newest first, with their repository and title."""
        return self.ask("recent-reviews", limit=limit)

    def remembered(self, repository_id: int, number: int, at: str) -> Remembered:
        """All of it at once: from another host each question costs a way there and back."""
        key = (repository_id, number)
        return Remembered(
            points=self.points(*key),
            evidence=self.evidence(*key),
            waivers=self.waivers(repository_id, at),
            guidance=self.guidance(repository_id),
            files_read=self.files_read(*key),
            head_read=self.head_read(*key),
        )

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
        """Drops the texts of deliveries and commands older than that, old link codes and answers. Rows touched."""
        now = now or datetime.now(UTC)
        before = (now - timedelta(days=keep_days)).isoformat(timespec="seconds")
        with self._connection.writing() as database:
            commands.blank_old_answer_urls(database, now)
            drop_ended_sessions(database, now.isoformat(timespec="seconds"))
            drops = (work.drop_payloads, commands.drop_texts, links.drop_codes, model_answers.drop_answers)
            return sum(drop(database, before) for drop in drops)
