"""Points: findings as said on a pull request, followed across pushes, and the other names they had."""

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from bot.domain import Finding, Point
from bot.ledger.opening import Opened, now
from bot.ledger.rows import upsert

_KEY = "repository_id = :repository_id AND number = :number"
_OF_FINDING = (
    "path", "start_line", "end_line", "side", "scope", "class", "kind", "rule", "severity", "confidence", "source",
    "title", "body", "evidence", "suggestion",
)  # fmt: skip
_OF_POINT = (
    "state", "said", "first_head", "last_head", "comment_id", "prompt_version", "model", "code_digest", "line_at",
)  # fmt: skip
_TITLE_LIMIT = 80
"""Of `Finding.title`; a mask or a pseudonym may have made it longer."""


class Points(Opened):
    def keep_points(self, repository_id: int, number: int, points: Sequence[Point], at: str = "") -> None:
        """Inserts each point, or brings the one with the same fingerprint up to date, all in one transaction.

        A finding's other fingerprint becomes an alias. A comment once known is not lost to a point that does not
        name it, and what was said stays said. `at` is now unless given. The repository must be known.
        """
        with self._connection.writing() as database:
            for point in points:
                _keep(database, repository_id, number, point, at or now())

    def points(self, repository_id: int, number: int) -> list[Point]:
        """Every point of a pull request, held ones too, by path and line."""
        sql = f"SELECT * FROM points WHERE {_KEY} ORDER BY path, start_line, id"  # noqa: S608 — ours
        return [_point(row) for row in self._rows(sql, {"repository_id": repository_id, "number": number})]

    def point(self, repository_id: int, number: int, handle_or_prefix: str) -> list[Point]:
        """Points whose fingerprint or alias begins like this, in any case; the very one where it is whole."""
        if not (prefix := handle_or_prefix.strip().lower()):
            return []
        sql = f"""SELECT points.*, MAX(lower(names.name) = :prefix) AS is_whole
            FROM points JOIN (
                SELECT fingerprint, fingerprint AS name FROM points WHERE {_KEY}
                UNION SELECT fingerprint, alias FROM point_aliases WHERE {_KEY}
            ) names USING (fingerprint)
            WHERE {_KEY} AND substr(lower(names.name), 1, length(:prefix)) = :prefix
            GROUP BY points.id ORDER BY path, start_line, points.id"""  # noqa: S608 — ours
        rows = self._rows(sql, {"repository_id": repository_id, "number": number, "prefix": prefix})
        return [_point(row) for row in [row for row in rows if row["is_whole"]] or rows]

    def point_of_comment(self, repository_id: int, comment_id: int) -> tuple[int, Point] | None:
        """The pull request's number and the point that our inline comment carries."""
        sql = """WITH meant AS (
                SELECT number, fingerprint AS name FROM comments
                WHERE repository_id = :repository_id AND host_id = :comment_id
            ), found AS (
                SELECT id, 0 AS rank FROM points WHERE repository_id = :repository_id AND comment_id = :comment_id
                UNION ALL SELECT id, 1 FROM points JOIN meant USING (number)
                    WHERE repository_id = :repository_id AND fingerprint = meant.name
                UNION ALL SELECT id, 2 FROM meant  -- CROSS: from the comment to its names, not the other way round
                    CROSS JOIN point_aliases USING (number) JOIN points USING (repository_id, number, fingerprint)
                    WHERE repository_id = :repository_id AND alias = meant.name
            )
            SELECT points.* FROM found JOIN points USING (id) ORDER BY rank LIMIT 1"""
        rows = self._rows(sql, {"repository_id": repository_id, "comment_id": comment_id})
        return (int(rows[0]["number"]), _point(rows[0])) if rows else None

    def said(self, repository_id: int, number: int) -> set[str]:
        """Fingerprints of what was already said on this pull request, inline or listed, aliases among them."""
        sql = f"""SELECT fingerprint FROM findings WHERE {_KEY} AND said != 'held'
            UNION SELECT fingerprint FROM points WHERE {_KEY} AND said != 'held'
            UNION SELECT last_fingerprint FROM points WHERE {_KEY} AND said != 'held'
            UNION SELECT alias FROM point_aliases JOIN points USING (repository_id, number, fingerprint)
                WHERE {_KEY} AND said != 'held'"""  # noqa: S608 — ours
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        return {str(row["fingerprint"]) for row in rows}


def first_name(database: Database, repository_id: int, number: int, fingerprint: str) -> str:
    """The fingerprint as first said, where this is an alias of one point; else as it came."""
    key = {"repository_id": repository_id, "number": number, "fingerprint": fingerprint}
    known = f"SELECT 1 FROM points WHERE {_KEY} AND fingerprint = :fingerprint"  # noqa: S608 — ours
    if database.conn.execute(known, key).fetchone():
        return fingerprint
    sql = f"SELECT fingerprint FROM point_aliases WHERE {_KEY} AND alias = :fingerprint ORDER BY rowid"  # noqa: S608
    row = database.conn.execute(sql, key).fetchone()
    return str(row[0]) if row else fingerprint


def _keep(database: Database, repository_id: int, number: int, point: Point, at: str) -> None:
    key = {"repository_id": repository_id, "number": number, "fingerprint": point.fingerprint}
    where = f"{_KEY} AND fingerprint = :fingerprint"
    before = next(iter(database.query(f"SELECT * FROM points WHERE {where}", key)), None)  # noqa: S608 — ours
    finding, whole = point.finding.to_json(), point.to_json()
    row: dict[str, Any] = (
        key | {name: finding[name] for name in _OF_FINDING} | {name: whole[name] for name in _OF_POINT}
    )
    row["last_fingerprint"] = point.finding.fingerprint
    row["lines"] = point.lines
    if before and row["comment_id"] is None:
        row["comment_id"] = before["comment_id"]
    if before and row["said"] == "held":
        row["said"] = before["said"]
    row["said_at"] = (before or {}).get("said_at") or (at if row["said"] != "held" else None)
    has_changed = before is None or any(before[name] != row[name] for name in ("state", "said", "last_head"))
    row["changed_at"] = at if before is None or has_changed else before["changed_at"]
    upsert(database, "points", row, list(key))
    if point.finding.fingerprint != point.fingerprint:
        alias = key | {"alias": point.finding.fingerprint}
        upsert(database, "point_aliases", alias, list(alias))
    database.conn.execute(
        f"""UPDATE findings SET state = :state WHERE {_KEY} AND state != :state AND fingerprint IN (
            SELECT :fingerprint UNION SELECT alias FROM point_aliases WHERE {where})""",  # noqa: S608 — ours
        key | {"state": point.state},
    )


def _point(row: dict[str, Any]) -> Point:
    finding = {name: row[name] for name in _OF_FINDING} | {
        "title": row["title"][:_TITLE_LIMIT],
        "suggestion": json.loads(row["suggestion"]) if row["suggestion"] else None,
        "fingerprint": row["last_fingerprint"],
    }
    return Point(
        fingerprint=row["fingerprint"],
        finding=Finding.from_json(finding),
        lines=tuple(json.loads(row["lines"])),
        **{name: row[name] for name in _OF_POINT},
    )
