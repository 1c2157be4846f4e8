"""Rule drafts: what is to be drafted, what was, and what came of it."""

import json
from collections.abc import Sequence
from typing import Any

from bot.domain import PullRequest, RuleDraft
from bot.ledger.opening import Opened
from bot.ledger.rows import upsert
from bot.ledger.work import pull_request_of

_TITLE_LIMIT = 200

_CONFIRMED = """
SELECT pull_requests.*, repositories.owner, repositories.name AS repository_name, repositories.installation_id,
    points.fingerprint AS fingerprint
FROM outcomes JOIN points USING (repository_id, number, fingerprint)
JOIN pull_requests USING (repository_id, number)
JOIN repositories ON repositories.id = pull_requests.repository_id
WHERE outcomes.outcome IN ('fixed', 'accepted') AND outcomes.at >= :since AND points.source = 'model'
    AND points.said != 'held' AND repositories.removed_at IS NULL
    AND points.rule NOT IN (SELECT value FROM json_each(:known))
    AND NOT EXISTS (SELECT 1 FROM rule_drafts WHERE rule_drafts.repository_id = points.repository_id
        AND rule_drafts.number = points.number AND rule_drafts.fingerprint = points.fingerprint)
ORDER BY outcomes.at, points.id LIMIT :limit
"""


class RuleDrafts(Opened):
    def keep_rule_draft(self, draft: RuleDraft) -> None:
        """The repository must be known."""
        with self._connection.writing() as database:
            upsert(database, "rule_drafts", draft.to_json(), ["id"])

    def rule_drafts(self, repository_id: int | None = None, limit: int = 50) -> list[RuleDraft]:
        """Those of a repository, or of all, the latest first; tries that came to nothing among them."""
        sql = """SELECT * FROM rule_drafts WHERE :repository_id IS NULL OR repository_id = :repository_id
            ORDER BY at DESC, id LIMIT :limit"""
        return [_draft(row) for row in self._rows(sql, {"repository_id": repository_id, "limit": limit})]

    def rule_draft(self, draft_id: str) -> RuleDraft | None:
        rows = self._rows("SELECT * FROM rule_drafts WHERE id = :id", {"id": draft_id})
        return _draft(rows[0]) if rows else None

    def rule_drafts_since(self, repository_id: int, since: str) -> int:
        """How many were tried there since then without anybody asking for them."""
        sql = """SELECT COUNT(*) AS count FROM rule_drafts
            WHERE repository_id = :repository_id AND at >= :since AND asked_by = ''"""
        return int(self._rows(sql, {"repository_id": repository_id, "since": since})[0]["count"])

    def confirmed_by_people(self, since: str, known: Sequence[str], limit: int = 20) -> list[tuple[PullRequest, str]]:
        """Findings of a model that turned out right since then and of which no draft was tried, the oldest first:
        the pull request and the point's fingerprint. `known`: what rules find already, as class and kind."""
        rows = self._rows(_CONFIRMED, {"since": since, "known": json.dumps(list(known)), "limit": limit})
        return [(pull_request_of(row), str(row["fingerprint"])) for row in rows]


def _draft(row: dict[str, Any]) -> RuleDraft:
    return RuleDraft.from_json(row | {"places": json.loads(row["places"]), "title": row["title"][:_TITLE_LIMIT]})
