"""The timeline beyond our own reviews, and the rows from which a week is computed."""

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sqlite_utils import Database

from bot.domain import PullRequest, Repository, TimelineEvent, WeekRows
from bot.domain.timeline import OF_REPOSITORY
from bot.ledger.looking_back import keep_past, keep_past_events
from bot.ledger.opening import Opened, now
from bot.ledger.rows import upsert
from bot.ledger.work import keep_event, keep_repository_if_unknown

_TOUCHED: Final = """WITH touched AS (
    SELECT repository_id, number FROM events
    WHERE repository_id IN $THESE AND at >= :since AND at < :until AND +number > 0
    UNION SELECT repository_id, number FROM pull_requests
    WHERE repository_id IN $THESE AND is_open AND created_at < :until
    UNION SELECT later.repository_id, later.number FROM events AS later JOIN pull_requests USING (repository_id, number)
    WHERE later.repository_id IN $THESE AND later.at >= :until AND later.event IN ('merged', 'closed')
        AND created_at < :until
)"""
_LISTS: Final[Mapping[str, str]] = {
    "repositories": """SELECT id, owner || '/' || name AS repository, (
            SELECT MIN(at) FROM (
                SELECT MIN(received_at) AS at FROM deliveries WHERE repository_id = repositories.id
                UNION ALL SELECT since FROM backfills WHERE repository_id = repositories.id AND done_at != ''
            )) AS recorded_since
        FROM repositories WHERE id IN $THESE ORDER BY repository""",
    "pull_requests": """$TOUCHED
        SELECT repository_id, number, owner || '/' || name AS repository, title, author, author_is_bot, is_draft,
            is_open, url, created_at
        FROM touched JOIN pull_requests USING (repository_id, number)
            JOIN repositories ON repositories.id = repository_id
        ORDER BY repository_id, number""",
    "events": """$TOUCHED
        SELECT repository_id, number, event, at, actor, details FROM touched JOIN events USING (repository_id, number)
        WHERE +at < :until AND event != 'review-began'
        UNION ALL SELECT repository_id, number, event, at, actor, details FROM events
        WHERE repository_id IN $THESE AND at >= :since AND at < :until AND number = 0""",
    "heads": """SELECT repository_id, number, json_extract(details, '$.head_sha') AS head_sha, MIN(at) AS told_at
        FROM events WHERE repository_id IN $THESE AND at >= :since AND at < :until AND +number > 0
            AND event IN ('opened', 'ready', 'reopened', 'pushed', 'base-changed')
            AND json_extract(details, '$.head_sha') IS NOT NULL AND NOT IFNULL(json_extract(details, '$.is_draft'), 0)
        GROUP BY repository_id, number, head_sha ORDER BY told_at""",
    "reviews": """SELECT id, repository_id, number, head_sha, trigger, mode, started_at, finished_at, coverage, result,
            reason, model, input_tokens, output_tokens, cost_usd, duration_s
        FROM reviews WHERE repository_id IN $THESE AND finished_at >= :since AND finished_at < :until
        ORDER BY finished_at""",
    "points": """SELECT repository_id, number, fingerprint, class, rule, severity, source, title, path, said_at, fate,
            (SELECT MIN(at) FROM evidence WHERE evidence.repository_id = said_points.repository_id
                AND evidence.number = said_points.number AND evidence.fingerprint = said_points.fingerprint
                AND kind IN ('code', 'suggestion-committed') AND says = 'fixed') AS fixed_at
        FROM said_points WHERE repository_id IN $THESE AND said_at >= :since AND said_at < :until ORDER BY said_at""",
    "model_calls": """SELECT at, repository_id, review_key, model, prompt, outcome, input_tokens, output_tokens,
            cost_usd
        FROM model_calls WHERE repository_id IN $THESE AND at >= :since AND at < :until ORDER BY at""",
    "posture_changes": """SELECT changes.repository_id, changes.number, events.at AS merged_at, calls_added,
            calls_removed, gained, lost, chains, change
        FROM events JOIN posture_changes AS changes USING (repository_id, number)
        WHERE events.repository_id IN $THESE AND events.at >= :since
            AND events.event IN ('merged', 'closed') AND events.event = 'merged'
            AND review_id = (SELECT id FROM reviews WHERE reviews.repository_id = events.repository_id
                AND reviews.number = events.number AND coverage != 'none'
                ORDER BY finished_at DESC, generation DESC LIMIT 1)
        ORDER BY merged_at""",
    "posture_maps": "SELECT repository_id, at, map FROM posture_maps WHERE repository_id IN $THESE",
    "muted": """SELECT id, repository_id, rule, owner, reason, at, expires_at, ended_at FROM waivers
        WHERE kind = 'muted' AND repository_id IN $THESE AND at < :until AND (ended_at = '' OR ended_at >= :since)
        ORDER BY at""",
    "incidents": """SELECT id, repository_id, number, title, url, broke_at, at, class, rule, verdict FROM incidents
        WHERE repository_id IN $THESE AND COALESCE(NULLIF(broke_at, ''), at) >= :since
            AND COALESCE(NULLIF(broke_at, ''), at) < :until
        ORDER BY at""",
    "rule_drafts": """SELECT repository_id, number, name, title, at FROM rule_drafts
        WHERE repository_id IN $THESE AND why_not = '' AND at >= :since AND at < :until ORDER BY at""",
}
"""Name of a list → its question; `$THESE` are the repositories asked about, `$TOUCHED` the pull requests that count.

`+at`: else each pull request's events would be looked for among all of its repository's, by time. `+number`: else a
quarter would be looked for among all the years, by number. Lists of events stand as in the indices `ends_by_time` and
`heads_by_time`, word for word: SQLite takes those for no other words.
"""


class Flow(Opened):
    def keep_timeline(self, repository: Repository, events: Sequence[TimelineEvent]) -> None:
        """Moments of a pull request, or of its repository. One that is there already gains what it lacked."""
        with self._connection.writing() as database:
            keep_repository_if_unknown(database, repository)
            for event in events:
                keep_event(
                    database, event.repository_id, event.number, event.event, event.at, event.actor, event.details
                )

    def keep_past(self, pull_request: PullRequest, as_of: str, events: Sequence[TimelineEvent]) -> None:
        """What a look back at the host tells of a pull request. `as_of`: when it last changed, as described; where a
        later change was told, only the events are kept. Moments that webhooks have told are not kept twice."""
        with self._connection.writing() as database:
            keep_past(database, pull_request, as_of, events)

    def keep_past_of_repository(self, repository: Repository, events: Sequence[TimelineEvent]) -> None:
        """The same of a repository's own moments."""
        with self._connection.writing() as database:
            keep_repository_if_unknown(database, repository)
            keep_past_events(database, repository.id, OF_REPOSITORY, events)

    def week_rows(self, repository_ids: Sequence[int], since: str, until: str) -> WeekRows:
        """What `domain.timeline.WEEK_ROWS` lists, of these repositories."""
        values = {"repositories": json.dumps(sorted(repository_ids)), "since": since, "until": until}
        with self._connection.reading() as database:
            rows = {name: _plain_rows(database, _whole(sql), values) for name, sql in _LISTS.items()}
        rows["events"].sort(key=itemgetter("repository_id", "number", "at"))  # in half the time SQLite takes
        return rows

    def backfill(self, repository_id: int) -> dict[str, Any] | None:
        """How far the history of a repository was read from its host: `since`, `cursor`, `done_at`, `read`."""
        rows = self._rows("SELECT * FROM backfills WHERE repository_id = :id", {"id": repository_id})
        return rows[0] if rows else None

    def keep_backfill(self, repository_id: int, since: str, cursor: str, read: int, is_done: bool) -> None:
        """Where to go on; the repository must be known."""
        row = {"repository_id": repository_id, "since": since, "cursor": cursor, "read": read}
        with self._connection.writing() as database:
            upsert(database, "backfills", row | {"done_at": now() if is_done else ""}, ["repository_id"])


def _plain_rows(database: Database, sql: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    cursor = database.conn.execute(sql, dict(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _whole(sql: str) -> str:
    return sql.replace("$TOUCHED", _TOUCHED).replace("$THESE", "(SELECT value FROM json_each(:repositories))")
