"""The tables of postures."""

from sqlite_utils import Database

_ABOUT = {
    "posture_maps": "Which calls a repository's service makes to others, and what protects each, as last kept whole",
    "posture_changes": "What a review saw change of that: calls that came and went, protections gained and lost",
}
_TABLES = (
    """CREATE TABLE posture_maps (
        repository_id INTEGER PRIMARY KEY REFERENCES repositories(id),
        service TEXT NOT NULL,
        at TEXT NOT NULL,
        map TEXT NOT NULL
    )""",
    """CREATE TABLE posture_changes (
        review_id TEXT PRIMARY KEY REFERENCES reviews(id) ON DELETE CASCADE,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        at TEXT NOT NULL,
        calls_added INTEGER NOT NULL,
        calls_removed INTEGER NOT NULL,
        gained INTEGER NOT NULL,
        lost INTEGER NOT NULL,
        chains INTEGER NOT NULL,
        change TEXT NOT NULL
    )""",
    "CREATE INDEX posture_changes_by_place ON posture_changes (repository_id, number)",
    "CREATE INDEX posture_changes_by_time ON posture_changes (at)",
)


def create_posture_tables(database: Database) -> None:
    for statement in _TABLES:
        database.conn.execute(statement)
    database.conn.executemany("INSERT INTO _about VALUES (?, ?)", sorted(_ABOUT.items()))
