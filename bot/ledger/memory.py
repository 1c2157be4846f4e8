"""What was learned from people: guidance out of disputes, and incidents."""

import json
import re
from collections.abc import Sequence
from typing import Any

from bot.domain import Guidance, Incident
from bot.ledger.opening import Opened
from bot.ledger.rows import upsert

_GUIDANCE_LIMIT, _TITLE_LIMIT = 600, 200
"""Of `Guidance.text` and `Incident.title`; a mask or a pseudonym may have made them longer."""
_WORDS_LIMIT = 40
_HERE = "(repository_id IS NULL OR repository_id = :repository_id)"


class Memory(Opened):
    def keep_guidance(self, guidance: Guidance) -> None:
        """The repository must be known."""
        with self._connection.writing() as database:
            upsert(database, "guidance", guidance.to_json(), ["id"])

    def drop_guidance(self, repository_id: int, guidance_id: str) -> bool:
        """Deletes it for good. False where this repository has none of this id."""
        sql = "DELETE FROM guidance WHERE repository_id = :repository_id AND id = :id"
        return self._changed(sql, {"repository_id": repository_id, "id": guidance_id}) == 1

    def guidance(self, repository_id: int) -> list[Guidance]:
        """Oldest first."""
        sql = "SELECT * FROM guidance WHERE repository_id = :repository_id ORDER BY at, id"
        return [
            Guidance.from_json(row | {"text": row["text"][:_GUIDANCE_LIMIT]})
            for row in self._rows(sql, {"repository_id": repository_id})
        ]

    def keep_incident(self, incident: Incident) -> None:
        """The repository must be known, where one is named."""
        with self._connection.writing() as database:
            upsert(database, "incidents", incident.to_json(), ["id"])

    def incidents(self, repository_id: int | None, limit: int = 20) -> list[Incident]:
        """The latest to break first: a repository's own and those of no repository, or simply all."""
        sql = f"""SELECT * FROM incidents WHERE :repository_id IS NULL OR {_HERE}
            ORDER BY COALESCE(NULLIF(broke_at, ''), at) DESC, row DESC LIMIT :limit"""  # noqa: S608 — ours
        return [_incident(row) for row in self._rows(sql, {"repository_id": repository_id, "limit": limit})]

    def incidents_matching(
        self, repository_id: int, classes: Sequence[str], paths: Sequence[str], words: str, limit: int = 5
    ) -> list[Incident]:
        """Incidents of this repository, or of none, that share a path, a class or a word, in this order of weight.

        An incident's path may be a folder. `words` is plain text: names of scopes, a title; never search syntax.
        """
        sql = f"""WITH worded AS (
                SELECT rowid AS row, rank FROM incidents_fts WHERE :search != '' AND incidents_fts MATCH :search
            ), weighed AS (
                SELECT incidents.*, worded.rank AS rank,
                    EXISTS (SELECT 1 FROM json_each(incidents.paths) mine, json_each(:paths) theirs
                        WHERE mine.value != '' AND (theirs.value = mine.value
                            OR substr(theirs.value, 1, length(rtrim(mine.value, '/')) + 1)
                                = rtrim(mine.value, '/') || '/')) AS shares_path,
                    class != '' AND class IN (SELECT value FROM json_each(:classes)) AS shares_class
                FROM incidents LEFT JOIN worded USING (row) WHERE {_HERE}
            )
            SELECT * FROM weighed WHERE shares_path OR shares_class OR rank IS NOT NULL
            ORDER BY shares_path DESC, shares_class DESC, rank IS NULL, rank,
                COALESCE(NULLIF(broke_at, ''), at) DESC LIMIT :limit"""  # noqa: S608 — ours
        values = {
            "repository_id": repository_id,
            "classes": json.dumps(list(classes)),
            "paths": json.dumps(list(paths)),
            "search": _any_of(words) or '""',
            "limit": limit,
        }
        return [_incident(row) for row in self._rows(sql, values)]


def _any_of(words: str) -> str:
    """Full-text syntax for "any of these words", each quoted so that none is taken for an operator."""
    found = dict.fromkeys(re.findall(r"\w{3,60}", words.lower()))
    return " OR ".join(f'"{word}"' for word in list(found)[:_WORDS_LIMIT])


def _incident(row: dict[str, Any]) -> Incident:
    values = {name: row[name] for name in row if name not in ("row", "rank", "shares_path", "shares_class")}
    parts = {name: json.loads(row[name]) for name in ("paths", "scopes")}
    return Incident.from_json(values | parts | {"title": row["title"][:_TITLE_LIMIT]})
