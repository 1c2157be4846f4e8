"""Tokens for the dashboard's JSON: digests, and what each may see."""

import json
from collections.abc import Sequence
from typing import Any

from bot.ledger.opening import Opened
from bot.ledger.rows import clean

_SHOWN = "id, name, made_by, repository_ids, made_at, expires_at, used_at, ended_at"


class ApiTokens(Opened):
    def add_api_token(
        self,
        token_id: str,
        digest: str,
        name: str,
        made_by: str,
        repository_ids: Sequence[int] | None,
        made_at: str,
        expires_at: str,
    ) -> bool:
        """`repository_ids`: what it may see; None: everything, also what will come. False where a token that is still
        good has that name: nothing is kept then. Kept again under its own id, it is there."""
        kept = self._changed(
            """INSERT INTO api_tokens (id, digest, name, made_by, repository_ids, made_at, expires_at)
            SELECT :id, :digest, :name, :made_by, :repository_ids, :made_at, :expires_at
            WHERE NOT EXISTS (
                SELECT 1 FROM api_tokens WHERE name = :name AND ended_at = '' AND expires_at > :made_at
            )""",
            {
                "id": token_id,
                "digest": digest,
                "name": clean(name),
                "made_by": clean(made_by),
                "repository_ids": None if repository_ids is None else json.dumps(sorted(repository_ids)),
                "made_at": made_at,
                "expires_at": expires_at,
            },
        )
        there = "SELECT 1 FROM api_tokens WHERE id = :id AND digest = :digest"
        return kept == 1 or bool(self._rows(there, {"id": token_id, "digest": digest}))

    def api_token(self, digest: str, at: str) -> dict[str, Any] | None:
        """Its row, `repository_ids` as a list or None for everything; None where it ended or never was."""
        sql = f"SELECT {_SHOWN} FROM api_tokens WHERE digest = :digest AND ended_at = '' AND expires_at > :at"  # noqa: S608 — ours
        rows = [_token(row) for row in self._rows(sql, {"digest": digest, "at": at})]
        return rows[0] if rows else None

    def api_tokens(self) -> list[dict[str, Any]]:
        """All there ever were, oldest first, as `api_token` gives them: without what would let anybody in."""
        sql = f"SELECT {_SHOWN} FROM api_tokens ORDER BY made_at, id"  # noqa: S608 — ours
        return [_token(row) for row in self._rows(sql, {})]

    def note_api_token_used(self, token_id: str, at: str) -> None:
        """That it was used, to the day: a row written at every request would be a price without a use."""
        self._changed(
            "UPDATE api_tokens SET used_at = :at WHERE id = :id AND substr(used_at, 1, 10) != substr(:at, 1, 10)",
            {"id": token_id, "at": at},
        )

    def end_api_token(self, token_id: str, at: str) -> bool:
        """Takes it back. False where there is none of this id, or it had been taken back before."""
        sql = "UPDATE api_tokens SET ended_at = :at WHERE id = :id AND ended_at = ''"
        return self._changed(sql, {"id": token_id, "at": at}) == 1


def _token(row: dict[str, Any]) -> dict[str, Any]:
    ids = row["repository_ids"]
    return row | {"repository_ids": None if ids is None else json.loads(ids)}
