"""What the weekly figures need of the timeline: two things of one kind in one second are two rows, and no question
about a week reads a whole table."""

from sqlite_utils import Database

_STATEMENTS = (
    """CREATE TABLE events_anew (
        id INTEGER PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        event TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL DEFAULT '',
        details TEXT NOT NULL DEFAULT '{}',
        ref TEXT NOT NULL DEFAULT '',
        UNIQUE (repository_id, number, event, at, actor, ref)
    )""",
    """INSERT INTO events_anew (id, repository_id, number, event, at, actor, details)
        SELECT id, repository_id, number, event, at, actor, details FROM events""",
    "DROP TABLE events",
    "ALTER TABLE events_anew RENAME TO events",
    "CREATE INDEX events_by_time ON events (at)",
    "CREATE INDEX events_of_repository_by_time ON events (repository_id, at)",
    "CREATE INDEX open_pull_requests ON pull_requests (repository_id) WHERE is_open",
    "CREATE INDEX reviews_of_repository_by_time ON reviews (repository_id, finished_at)",
    "CREATE INDEX points_of_repository_by_time ON points (repository_id, said_at)",
    "CREATE INDEX model_calls_of_repository_by_time ON model_calls (repository_id, at)",
    "CREATE INDEX deliveries_of_repository_by_time ON deliveries (repository_id, received_at)",
    """CREATE TABLE backfills (
        repository_id INTEGER PRIMARY KEY REFERENCES repositories(id),
        since TEXT NOT NULL,
        cursor TEXT NOT NULL DEFAULT '',
        done_at TEXT NOT NULL DEFAULT '',
        read INTEGER NOT NULL DEFAULT 0
    )""",
    "INSERT INTO _about VALUES ('backfills', 'How far back the timeline of each repository was read from the host')",
)


def create_flow_tables(database: Database) -> None:
    for statement in _STATEMENTS:
        database.conn.execute(statement)
