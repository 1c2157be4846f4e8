"""What was drafted of confirmed findings: rules for people to adopt, and tries that came to nothing."""

from sqlite_utils import Database

_ABOUT = "Rules a model drafted of confirmed findings that no rule knows, for people to adopt; and why others failed"
_STATEMENTS = (
    """CREATE TABLE rule_drafts (
        id TEXT PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        rule TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        toml TEXT NOT NULL,
        why_not TEXT NOT NULL,
        places TEXT NOT NULL,
        files INTEGER NOT NULL,
        tried_all INTEGER NOT NULL,
        asked_by TEXT NOT NULL,
        model TEXT NOT NULL,
        prompt_version TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    "CREATE INDEX rule_drafts_of_repository ON rule_drafts (repository_id, at)",
    "CREATE INDEX rule_drafts_of_point ON rule_drafts (repository_id, number, fingerprint)",
    "CREATE INDEX outcomes_by_time ON outcomes (outcome, at)",
)


def create_rule_draft_table(database: Database) -> None:
    for statement in _STATEMENTS:
        database.conn.execute(statement)
    database.conn.execute("INSERT INTO _about VALUES ('rule_drafts', ?)", [_ABOUT])
