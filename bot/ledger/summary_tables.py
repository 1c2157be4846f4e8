"""What is remembered of weekly summaries: since when a destination wants them, and which it was told."""

from sqlite_utils import Database

_STATEMENTS = (
    """CREATE TABLE summary_destinations (
        name TEXT PRIMARY KEY,
        since TEXT NOT NULL
    )""",
    """CREATE TABLE summaries_told (
        week TEXT NOT NULL,
        destination TEXT NOT NULL,
        told_at TEXT NOT NULL,
        is_late INTEGER NOT NULL,
        PRIMARY KEY (week, destination)
    ) WITHOUT ROWID""",
    "INSERT INTO _about VALUES ('summary_destinations', 'Since when settings name a destination of weekly summaries')",
    "INSERT INTO _about VALUES ('summaries_told', 'Which weekly summary was told where, so that none is told twice')",
)


def create_summary_tables(database: Database) -> None:
    for statement in _STATEMENTS:
        database.conn.execute(statement)
