"""Which version of each file's patch was read last, so that only what changed is read again."""

from collections.abc import Mapping

from sqlite_utils import Database

from bot.ledger.opening import Opened
from bot.ledger.rows import upsert


class Reading(Opened):
    def files_read(self, repository_id: int, number: int) -> dict[str, str]:
        """Path → digest of its patch, each as the latest run that read this path saw it."""
        sql = """SELECT path, digest FROM files_read JOIN reviews ON reviews.id = files_read.review_id
            WHERE repository_id = :repository_id AND number = :number ORDER BY finished_at, generation"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        return {row["path"]: row["digest"] for row in rows}

    def head_read(self, repository_id: int, number: int) -> str:
        """The head of the latest run that read files; empty where there was none."""
        sql = """SELECT head_sha FROM reviews WHERE repository_id = :repository_id AND number = :number
            AND EXISTS (SELECT 1 FROM files_read WHERE review_id = reviews.id)
            ORDER BY finished_at DESC, generation DESC LIMIT 1"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        return str(rows[0]["head_sha"]) if rows else ""

    def head_judged(self, repository_id: int, number: int) -> str:
        """The head of the latest run that read anything, whichever files; empty where there was none."""
        sql = """SELECT head_sha FROM reviews WHERE repository_id = :repository_id AND number = :number
            AND coverage != 'none' ORDER BY finished_at DESC, generation DESC LIMIT 1"""
        rows = self._rows(sql, {"repository_id": repository_id, "number": number})
        return str(rows[0]["head_sha"]) if rows else ""


def keep_files_read(database: Database, review_id: str, digests: Mapping[str, str]) -> None:
    for path, digest in digests.items():
        upsert(database, "files_read", {"review_id": review_id, "path": path, "digest": digest}, ["review_id", "path"])
