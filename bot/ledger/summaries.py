"""Which weekly summaries were told, and since when each destination wants them."""

import json
from collections.abc import Sequence

from bot.ledger.opening import Opened


class Summaries(Opened):
    def destinations_since(self, names: Sequence[str], at: str) -> dict[str, str]:
        """Name → since when it is known as a destination: `at` where it is new, and where the clock was set back."""
        sql = """SELECT name, since FROM summary_destinations WHERE name IN (SELECT value FROM json_each(:names))"""
        known = {row["name"]: row["since"] for row in self._rows(sql, {"names": json.dumps(list(names))})}
        if earlier := [name for name in names if name not in known or at < known[name]]:
            with self._connection.writing() as database:
                database.conn.executemany(
                    """INSERT INTO summary_destinations VALUES (?, ?)
                        ON CONFLICT (name) DO UPDATE SET since = MIN(since, excluded.since)""",
                    [(name, at) for name in earlier],
                )
        return {name: min(known.get(name, at), at) for name in names}

    def summaries_told(self, week: str) -> list[str]:
        """The destinations that were told of that week."""
        rows = self._rows("SELECT destination FROM summaries_told WHERE week = :week", {"week": week})
        return [row["destination"] for row in rows]

    def keep_summary_told(self, week: str, destination: str, at: str, is_late: bool) -> None:
        """It was told; again, nothing changes."""
        sql = "INSERT OR IGNORE INTO summaries_told VALUES (:week, :destination, :at, :is_late)"
        self._changed(sql, {"week": week, "destination": destination, "at": at, "is_late": is_late})
