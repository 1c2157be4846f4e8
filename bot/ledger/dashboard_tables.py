"""The tables of the dashboard: who is signed in, one-time links, tokens, and what was done there."""

from sqlite_utils import Database

_ABOUT = {
    "login_links": "One-time links to the dashboard, as digests; short-lived",
    "sessions": "Who is signed in to the dashboard, as a digest of the cookie, and which repositories they may see",
    "api_tokens": "Tokens for the dashboard's JSON, as digests",
    "audit": "What people did through the dashboard: who, when, to what",
}
_STATEMENTS = (
    """CREATE TABLE login_links (
        digest TEXT PRIMARY KEY,
        expires_at TEXT NOT NULL,
        used_at TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE sessions (
        digest TEXT PRIMARY KEY,
        login TEXT NOT NULL,
        is_admin INTEGER NOT NULL,
        repository_ids TEXT,
        sealed_token TEXT NOT NULL DEFAULT '',
        began_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        checked_at TEXT NOT NULL
    )""",
    "CREATE INDEX sessions_by_end ON sessions (expires_at)",
    """CREATE TABLE api_tokens (
        id TEXT PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        made_by TEXT NOT NULL,
        repository_ids TEXT,
        made_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        used_at TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        login TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        outcome TEXT NOT NULL,
        repository_id INTEGER
    )""",
    "CREATE INDEX audit_by_time ON audit (at)",
)


def create_dashboard_tables(database: Database) -> None:
    for statement in _STATEMENTS:
        database.conn.execute(statement)
    database.conn.executemany("INSERT INTO _about VALUES (?, ?)", sorted(_ABOUT.items()))
