"""Who is signed in to the dashboard. Whatever a browser or a link carries is kept as a digest only."""

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from bot.ledger.opening import Opened


class Sessions(Opened):
    def keep_login_link(self, digest: str, expires_at: str) -> None:
        self._changed(
            "INSERT OR IGNORE INTO login_links (digest, expires_at) VALUES (:digest, :expires_at)",
            {"digest": digest, "expires_at": expires_at},
        )

    def use_login_link(self, digest: str, at: str) -> bool:
        """True once, for a link that is known and not too old."""
        sql = "UPDATE login_links SET used_at = :at WHERE digest = :digest AND used_at = '' AND expires_at > :at"
        return self._changed(sql, {"digest": digest, "at": at}) == 1

    def begin_session(
        self,
        digest: str,
        login: str,
        is_admin: bool,
        repository_ids: Sequence[int] | None,
        sealed_token: str,
        at: str,
        expires_at: str,
    ) -> None:
        """`repository_ids`: what the person may see; None: everything."""
        self._changed(
            """INSERT OR REPLACE INTO sessions
                (digest, login, is_admin, repository_ids, sealed_token, began_at, expires_at, checked_at)
            VALUES (:digest, :login, :is_admin, :repository_ids, :sealed_token, :at, :expires_at, :at)""",
            {
                "digest": digest,
                "login": login,
                "is_admin": int(is_admin),
                "repository_ids": _as_list(repository_ids),
                "sealed_token": sealed_token,
                "at": at,
                "expires_at": expires_at,
            },
        )

    def session(self, digest: str, at: str) -> dict[str, Any] | None:
        """Its row, `repository_ids` as a list or None for everything; None where it ended or never was."""
        sql = "SELECT * FROM sessions WHERE digest = :digest AND expires_at > :at"
        rows = self._rows(sql, {"digest": digest, "at": at})
        if not rows:
            return None
        ids = rows[0]["repository_ids"]
        seen = None if ids is None else json.loads(ids)
        return rows[0] | {"is_admin": bool(rows[0]["is_admin"]), "repository_ids": seen}

    def check_session(self, digest: str, is_admin: bool, repository_ids: Sequence[int] | None, at: str) -> None:
        """What the person may see was asked again."""
        self._changed(
            """UPDATE sessions SET is_admin = :is_admin, repository_ids = :repository_ids, checked_at = :at
            WHERE digest = :digest""",
            {"digest": digest, "is_admin": int(is_admin), "repository_ids": _as_list(repository_ids), "at": at},
        )

    def end_session(self, digest: str) -> None:
        self._changed("DELETE FROM sessions WHERE digest = :digest", {"digest": digest})

    def keep_audit(
        self, login: str, action: str, subject: str, outcome: str, at: str, repository_id: int | None = None
    ) -> None:
        """Somebody did something through the dashboard, such as `requeue` of a delivery."""
        self._changed(
            """INSERT INTO audit (at, login, action, subject, outcome, repository_id)
            VALUES (:at, :login, :action, :subject, :outcome, :repository_id)""",
            {
                "at": at,
                "login": login,
                "action": action,
                "subject": subject,
                "outcome": outcome,
                "repository_id": repository_id,
            },
        )


def drop_ended_sessions(database: Database, at: str) -> int:
    """Deletes sessions and links that ended before that time. How many."""
    dropped = 0
    for table in ("sessions", "login_links"):
        dropped += int(database.conn.execute(f"DELETE FROM {table} WHERE expires_at < ?", [at]).rowcount)  # noqa: S608 — ours
    return dropped


def _as_list(ids: Sequence[int] | None) -> str | None:
    return None if ids is None else json.dumps(sorted(ids))
