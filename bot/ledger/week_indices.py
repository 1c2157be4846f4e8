"""By what the rows of a week are found: each question reads what happened in its time, however long the record is."""

from sqlite_utils import Database

_STATEMENTS = (
    "DROP INDEX events_of_repository_by_time",
    "CREATE INDEX events_of_repository_by_time ON events (repository_id, at, number)",
    "CREATE INDEX ends_by_time ON events (repository_id, at, number) WHERE event IN ('merged', 'closed')",
    """CREATE INDEX heads_by_time ON events (repository_id, at)
        WHERE event IN ('opened', 'ready', 'reopened', 'pushed', 'base-changed')""",
)


def create_week_indices(database: Database) -> None:
    for statement in _STATEMENTS:
        database.conn.execute(statement)
