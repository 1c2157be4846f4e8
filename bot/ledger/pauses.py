"""Where people told Seawall to be quiet."""

from bot.ledger.opening import Opened
from bot.ledger.rows import clean

_WHOLE_REPOSITORY = 0
"""Pull requests are numbered from 1."""


class Pauses(Opened):
    def pause(self, repository_id: int, number: int | None, by: str, at: str, reason: str = "") -> None:
        """Pauses a pull request, or the repository where `number` is None. A pause in force stays as it is."""
        self._changed(
            """INSERT INTO pauses (repository_id, number, paused_by, at, reason)
            VALUES (:repository_id, :number, :by, :at, :reason) ON CONFLICT DO NOTHING""",
            {
                "repository_id": repository_id,
                "number": number or _WHOLE_REPOSITORY,
                "by": clean(by),
                "at": at,
                "reason": clean(reason),
            },
        )

    def resume(self, repository_id: int, number: int | None, by: str, at: str) -> bool:
        """Ends the pause of exactly this pull request, or of the repository. False where there was none."""
        sql = """UPDATE pauses SET ended_by = :by, ended_at = :at
            WHERE repository_id = :repository_id AND number = :number AND ended_at = ''"""
        values = {"repository_id": repository_id, "number": number or _WHOLE_REPOSITORY, "by": clean(by), "at": at}
        return self._changed(sql, values) == 1

    def paused(self, repository_id: int, number: int | None) -> str:
        """Empty, or such as `by octocat since 2026-11-20T09:00:00+00:00: a release`; the repository's pause counts."""
        sql = """SELECT paused_by, at, reason FROM pauses WHERE repository_id = :repository_id AND ended_at = ''
            AND number IN (0, :number) ORDER BY number LIMIT 1"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number or _WHOLE_REPOSITORY})
        if not rows:
            return ""
        pause = rows[0]
        return f"by {pause['paused_by']} since {pause['at']}" + (f": {pause['reason']}" if pause["reason"] else "")
