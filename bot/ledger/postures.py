"""Postures: the map of each repository as it was kept, and what each review saw change."""

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from bot.domain import PostureChange, PostureMap, PostureOnRecord
from bot.ledger.opening import Opened
from bot.ledger.rows import upsert

_MERGED = """
SELECT change FROM posture_changes JOIN events ON events.repository_id = posture_changes.repository_id
    AND events.number = posture_changes.number AND events.event = 'merged'
WHERE posture_changes.repository_id = :repository_id AND events.at > :since
    AND review_id = (SELECT id FROM reviews WHERE reviews.repository_id = posture_changes.repository_id
        AND reviews.number = posture_changes.number AND coverage != 'none'
        ORDER BY finished_at DESC, generation DESC LIMIT 1)
ORDER BY events.at, review_id
"""
_KNOWN = """
SELECT repositories.id, owner || '/' || name AS full_name, map, IFNULL(posture_maps.at, '') AS at
FROM repositories LEFT JOIN posture_maps ON posture_maps.repository_id = repositories.id
WHERE (:repository_id IS NULL OR repositories.id = :repository_id) AND removed_at IS NULL
    AND (map IS NOT NULL OR EXISTS (SELECT 1 FROM posture_changes WHERE repository_id = repositories.id))
ORDER BY owner, name
"""


class Postures(Opened):
    def keep_posture(self, repository_id: int, posture: PostureMap, at: str) -> None:
        """The whole map of a repository, in place of the one before. `at`: when its code was read."""
        row = {"repository_id": repository_id, "service": posture.service, "at": at, "map": posture.to_json()}
        with self._connection.writing() as database:
            upsert(database, "posture_maps", row, ["repository_id"])

    def postures(self, repository_id: int | None = None) -> list[PostureOnRecord]:
        """What is known of that repository, or of all of which anything is."""
        with self._connection.reading() as database:
            rows = list(database.query(_KNOWN, {"repository_id": repository_id}))
            return [_on_record(database, row) for row in rows]

    def posture_change(self, repository_id: int, number: int) -> PostureChange | None:
        """What the latest review of a pull request saw change; None where nothing did."""
        sql = """SELECT change FROM reviews LEFT JOIN posture_changes ON review_id = reviews.id
            WHERE reviews.repository_id = :repository_id AND reviews.number = :number AND coverage != 'none'
            ORDER BY finished_at DESC, generation DESC LIMIT 1"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        return PostureChange.from_json(json.loads(rows[0]["change"])) if rows and rows[0]["change"] else None


def keep_posture_change(
    database: Database, review_id: str, repository_id: int, number: int, at: str, change: PostureChange | None
) -> None:
    """With the run that saw it; nothing is kept where nothing changed."""
    database.conn.execute("DELETE FROM posture_changes WHERE review_id = ?", [review_id])
    if change is None:
        return
    row = {
        "review_id": review_id,
        "repository_id": repository_id,
        "number": number,
        "at": at,
        "calls_added": sum(len(one.sites) for one in change.added),
        "calls_removed": sum(len(one.sites) for one in change.removed),
        "gained": sum(1 for one in change.changed if one.after.is_there and not one.before.is_there),
        "lost": sum(1 for one in change.changed if one.before.is_there and not one.after.is_there),
        "chains": len(change.chains),
        "change": change.to_json(),
    }
    upsert(database, "posture_changes", row, ["review_id"])


def _on_record(database: Database, row: Mapping[str, Any]) -> PostureOnRecord:
    merged = database.conn.execute(_MERGED, {"repository_id": row["id"], "since": row["at"]})
    return PostureOnRecord(
        repository_id=row["id"],
        repository=row["full_name"],
        posture=PostureMap.from_json(json.loads(row["map"])) if row["map"] else PostureMap(),
        kept_at=row["at"],
        merged=tuple(PostureChange.from_json(json.loads(change)) for (change,) in merged),
    )
