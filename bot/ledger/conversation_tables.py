"""The second tables: the life of what was said, and the talk about it. Times are ISO 8601 in UTC."""

from sqlite_utils import Database

_ABOUT = {
    "points": "Findings as said on a pull request, followed across pushes: one row a point, with its state now",
    "point_aliases": "Other fingerprints under which a point was seen, after its code was moved or reworded",
    "said_points": "A view: points that were said, with what became of each, judged or as it stands",
    "evidence": "Everything that was seen to happen to a point: code, reactions, replies, threads, commands",
    "waivers": "What is not said, and why: muted rules, dismissed points, comments in the code; who asked, until when",
    "guidance": "What disputes taught, told to the model in that repository until somebody deletes it",
    "incidents": "What broke in production, and whether a rule had fired, was dismissed, or is missing",
    "incidents_fts": "Full-text search over incidents",
    "pauses": "Where people told Seawall to be quiet, since when and until when; number 0 means the whole repository",
    "commands": "Commands people gave, what came of them, and which still wait for the end of a review",
    "link_codes": "Codes that prove who owns a GitHub login, as digests; one a person, short-lived",
    "links": "Which person of a chat system has proved to own which GitHub login",
    "subscriptions": "Which channel hears of which repository, and of what",
    "files_read": "Which version of each file's patch a run has read, so that only what changed is read again",
}

_TABLES = (
    """CREATE TABLE points (
        id INTEGER PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        last_fingerprint TEXT NOT NULL,
        path TEXT NOT NULL,
        start_line INTEGER NOT NULL,
        end_line INTEGER NOT NULL,
        side TEXT NOT NULL,
        scope TEXT NOT NULL,
        class TEXT NOT NULL,
        kind TEXT NOT NULL,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        confidence REAL NOT NULL,
        source TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        evidence TEXT NOT NULL,
        suggestion TEXT,
        state TEXT NOT NULL
            CHECK (state IN ('open', 'fixed', 'accepted', 'disputed', 'dismissed', 'stale')),
        said TEXT NOT NULL CHECK (said IN ('inline', 'listed', 'held')),
        said_at TEXT,
        changed_at TEXT NOT NULL,
        first_head TEXT NOT NULL,
        last_head TEXT NOT NULL,
        comment_id INTEGER,
        prompt_version TEXT NOT NULL,
        model TEXT NOT NULL,
        code_digest TEXT NOT NULL DEFAULT '',
        lines TEXT NOT NULL DEFAULT '[]',
        line_at INTEGER NOT NULL DEFAULT 0,
        UNIQUE (repository_id, number, fingerprint)
    )""",
    """CREATE TABLE point_aliases (
        repository_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        alias TEXT NOT NULL,
        PRIMARY KEY (repository_id, number, fingerprint, alias),
        FOREIGN KEY (repository_id, number, fingerprint)
            REFERENCES points(repository_id, number, fingerprint) ON DELETE CASCADE
    )""",
    """CREATE TABLE evidence (
        id INTEGER PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        kind TEXT NOT NULL,
        says TEXT NOT NULL,
        actor TEXT NOT NULL,
        detail TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (repository_id, number, fingerprint, kind, says, actor, detail, at)
    )""",
    """CREATE TABLE waivers (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('inline', 'muted', 'dismissed')),
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        rule TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        code_digest TEXT NOT NULL,
        path TEXT NOT NULL,
        number INTEGER,
        owner TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        ended_by TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE guidance (
        id TEXT PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        rule TEXT NOT NULL,
        text TEXT NOT NULL,
        author TEXT NOT NULL,
        number INTEGER,
        at TEXT NOT NULL
    )""",
    """CREATE TABLE incidents (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        repository_id INTEGER REFERENCES repositories(id),
        number INTEGER,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        url TEXT NOT NULL,
        broke_at TEXT NOT NULL,
        class TEXT NOT NULL,
        rule TEXT NOT NULL,
        paths TEXT NOT NULL,
        scopes TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('fired', 'dismissed', 'missing', 'unknown')),
        author TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    """CREATE TABLE pauses (
        id INTEGER PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        paused_by TEXT NOT NULL,
        at TEXT NOT NULL,
        reason TEXT NOT NULL,
        ended_by TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE commands (
        id TEXT PRIMARY KEY,
        run_id TEXT NOT NULL,
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        transport TEXT NOT NULL,
        workspace TEXT NOT NULL,
        person_id TEXT NOT NULL,
        person_name TEXT NOT NULL,
        person_key TEXT NOT NULL AS (transport || ':' || workspace || ':' || person_id),
        repository_id INTEGER REFERENCES repositories(id),
        number INTEGER,
        place TEXT NOT NULL,
        answer_url TEXT NOT NULL,
        at TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT '',
        awaits TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE link_codes (
        person_key TEXT PRIMARY KEY,
        login TEXT NOT NULL,
        code_digest TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        used_at TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE links (
        person_key TEXT PRIMARY KEY,
        login TEXT NOT NULL,
        linked_at TEXT NOT NULL
    )""",
    """CREATE TABLE subscriptions (
        transport TEXT NOT NULL,
        workspace TEXT NOT NULL,
        channel TEXT NOT NULL,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        wants TEXT NOT NULL,
        subscribed_by TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (transport, workspace, channel, repository_id)
    )""",
    """CREATE TABLE files_read (
        review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (review_id, path)
    )""",
)

_INDEXES = (
    "CREATE INDEX points_by_rule ON points (repository_id, rule)",
    "CREATE INDEX points_by_time ON points (said_at)",
    "CREATE INDEX points_by_comment ON points (repository_id, comment_id)",
    "CREATE INDEX points_by_last_fingerprint ON points (repository_id, number, last_fingerprint)",
    "CREATE INDEX waivers_in_force ON waivers (repository_id) WHERE ended_at = ''",
    "CREATE INDEX guidance_by_repository ON guidance (repository_id, at)",
    "CREATE INDEX incidents_by_repository ON incidents (repository_id)",
    "CREATE UNIQUE INDEX pauses_in_force ON pauses (repository_id, number) WHERE ended_at = ''",
    "CREATE INDEX commands_by_place ON commands (repository_id, number, at)",
    "CREATE INDEX commands_by_run ON commands (run_id)",
    "CREATE INDEX commands_by_person ON commands (person_key, at)",
    "CREATE INDEX commands_by_time ON commands (at)",
    "CREATE INDEX commands_waiting ON commands (awaits) WHERE awaits != ''",
    "CREATE INDEX commands_with_secrets ON commands (at) WHERE answer_url != ''",
    "CREATE INDEX links_by_login ON links (login COLLATE NOCASE)",
    "CREATE INDEX subscriptions_by_repository ON subscriptions (repository_id)",
)

_SAID_POINTS = """CREATE VIEW said_points AS
    SELECT points.*, COALESCE(NULLIF(outcomes.outcome, 'unknown'), points.state) AS fate
    FROM points LEFT JOIN outcomes ON outcomes.repository_id = points.repository_id
        AND outcomes.number = points.number AND outcomes.fingerprint = points.fingerprint
        AND outcomes.judged_by = 'seawall'
    WHERE points.said != 'held'"""
"""What was said, with what became of it: the fate on record, or else the state as it stands."""


def create_conversation_tables(database: Database) -> None:
    for statement in (*_TABLES, *_INDEXES, _SAID_POINTS):
        database.conn.execute(statement)
    searched = ["title", "text", "class", "rule", "paths", "scopes"]
    database.table("incidents").enable_fts(searched, create_triggers=True)
    about = _ABOUT | {
        "said_points": "Points that were said, with what became of each (a view over points and outcomes)"
    }
    database.conn.executemany("INSERT INTO _about VALUES (?, ?)", sorted(about.items()))
