"""What was seen to happen to points, and what the record says became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from bot.domain import Evidence, Fate
from bot.ledger.opening import Opened
from bot.ledger.points import first_name
from bot.ledger.rows import upsert

_JUDGE = "seawall"
"""Who judged, in `outcomes`: the record itself, from all the evidence."""


class Seen(Opened):
    def keep_evidence(self, repository_id: int, number: int, fingerprint: str, evidence: Evidence) -> None:
        """Adds one thing seen, once; nothing ever takes it away again. An alias is written under the point's name."""
        with self._connection.writing() as database:
            _add(database, repository_id, number, fingerprint, evidence)

    def keep_seen(self, repository_id: int, number: int, seen: Mapping[str, Sequence[Evidence]]) -> None:
        """The same for all that was seen of a pull request's points, by fingerprint, in one transaction."""
        with self._connection.writing() as database:
            for fingerprint, all_of_one in seen.items():
                for evidence in all_of_one:
                    _add(database, repository_id, number, fingerprint, evidence)

    def evidence(self, repository_id: int, number: int) -> dict[str, list[Evidence]]:
        """By fingerprint of the point, oldest first."""
        sql = """SELECT fingerprint, kind, says, actor, detail, at FROM evidence
            WHERE repository_id = :repository_id AND number = :number ORDER BY at, id"""
        seen: dict[str, list[Evidence]] = {}
        for row in self._rows(sql, {"repository_id": repository_id, "number": number}):
            seen.setdefault(row.pop("fingerprint"), []).append(Evidence.from_json(row))
        return seen

    def keep_fate(self, repository_id: int, number: int, fingerprint: str, fate: Fate, at: str) -> None:
        """What became of a point; judged again, the later judgement stands. `at` moves only with the judgement."""
        with self._connection.writing() as database:
            key = {
                "repository_id": repository_id,
                "number": number,
                "fingerprint": first_name(database, repository_id, number, fingerprint),
                "judged_by": _JUDGE,
            }
            database.conn.execute(
                """INSERT INTO outcomes (repository_id, number, fingerprint, judged_by, outcome, at)
                VALUES (:repository_id, :number, :fingerprint, :judged_by, :fate, :at)
                ON CONFLICT (repository_id, number, fingerprint, judged_by)
                DO UPDATE SET outcome = excluded.outcome, at = excluded.at WHERE outcome != excluded.outcome""",
                key | {"fate": fate, "at": at},
            )

    def fates(self, repository_id: int, number: int) -> dict[str, str]:
        """What became of the points of a pull request, by fingerprint; those not judged yet are missing."""
        sql = """SELECT fingerprint, outcome FROM outcomes
            WHERE repository_id = :repository_id AND number = :number AND judged_by = :judge"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number, "judge": _JUDGE})
        return {row["fingerprint"]: row["outcome"] for row in rows}


def _add(database: Database, repository_id: int, number: int, fingerprint: str, evidence: Evidence) -> None:
    row: dict[str, Any] = {
        "repository_id": repository_id,
        "number": number,
        "fingerprint": first_name(database, repository_id, number, fingerprint),
    } | evidence.to_json()
    upsert(database, "evidence", row, list(row))
