"""What still waits for a judgement: pull requests with points of ours, how they ended, and rules unmuted by people."""

from typing import Literal

from bot.domain import PullRequest
from bot.ledger.opening import Opened
from bot.ledger.work import pull_request_of


class Unsettled(Opened):
    def unsettled(self, limit: int = 200) -> list[PullRequest]:
        """Pull requests with something said on them: the open ones, and closed ones that are not judged yet. The
        latest first."""
        sql = """SELECT pull_requests.*, repositories.owner, repositories.name AS repository_name,
                repositories.installation_id
            FROM pull_requests JOIN repositories ON repositories.id = pull_requests.repository_id
            WHERE repositories.removed_at IS NULL AND EXISTS (
                SELECT 1 FROM points LEFT JOIN outcomes USING (repository_id, number, fingerprint)
                WHERE points.repository_id = pull_requests.repository_id AND points.number = pull_requests.number
                    AND points.said != 'held' AND (pull_requests.is_open OR outcomes.outcome IS NULL))
            ORDER BY (SELECT MAX(finished_at) FROM reviews WHERE pull_request_key = pull_requests.key) DESC
            LIMIT :limit"""
        return [pull_request_of(row) for row in self._rows(sql, {"limit": limit})]

    def ended(self, repository_id: int, number: int) -> tuple[Literal["merged", "closed"], str] | None:
        """How a pull request ended, and when; None while it is open, or open again."""
        sql = """SELECT event, at FROM events WHERE repository_id = :repository_id AND number = :number
            AND event IN ('merged', 'closed', 'reopened') ORDER BY at DESC, id DESC LIMIT 1"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        if not rows or rows[0]["event"] == "reopened":
            return None
        return ("merged" if rows[0]["event"] == "merged" else "closed"), rows[0]["at"]

    def unmuted_at(self, repository_id: int, rule: str) -> str:
        """When a person last took back that this rule is muted here; empty where nobody did."""
        sql = """SELECT MAX(ended_at) AS at FROM waivers WHERE repository_id = :repository_id AND rule = :rule
            AND kind = 'muted' AND ended_by NOT IN ('', 'seawall')"""
        return str(self._rows(sql, {"repository_id": repository_id, "rule": rule})[0]["at"] or "")
