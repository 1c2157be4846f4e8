"""Why something is not said: rules muted, points dismissed, comments in the code."""

from typing import Any

from bot.domain import Waiver
from bot.ledger.opening import Opened
from bot.ledger.rows import clean, upsert


class Waivers(Opened):
    def keep_waiver(self, waiver: Waiver) -> None:
        """Kept again, it is brought up to date; one that was ended stays ended. The repository must be known."""
        with self._connection.writing() as database:
            upsert(database, "waivers", waiver.to_json(), ["id"])

    def end_waiver(self, waiver_id: str, by: str, at: str) -> bool:
        """Takes it back. False where there is none of this id, or it had been taken back before."""
        sql = "UPDATE waivers SET ended_by = :by, ended_at = :at WHERE id = :id AND ended_at = ''"
        return self._changed(sql, {"id": waiver_id, "by": clean(by), "at": at}) == 1

    def waivers(self, repository_id: int | None, at: str) -> list[Waiver]:
        """Those in force at that moment, oldest first; of every repository where none is named."""
        sql = """SELECT * FROM waivers WHERE (:repository_id IS NULL OR repository_id = :repository_id)
            AND ended_at = '' AND (expires_at = '' OR expires_at > :at) ORDER BY at, id"""
        return [_waiver(row) for row in self._rows(sql, {"repository_id": repository_id, "at": at})]


def _waiver(row: dict[str, Any]) -> Waiver:
    return Waiver.from_json({name: value for name, value in row.items() if name not in ("ended_by", "ended_at")})
