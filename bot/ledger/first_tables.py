"""The first tables. Times are ISO 8601 in UTC; a pull request's key is `<repository id>#<number>`."""

from sqlite_utils import Database

_ABOUT = {
    "deliveries": "Signed requests from the code host: what arrived and what it asked for; raw text only for some days",
    "repositories": "Repositories Seawall serves, known by the host's id; the name is the latest one heard",
    "pull_requests": "Pull requests as last heard of",
    "events": "The timeline of each pull request: opened, ready, pushed, closed, merged and so on",
    "reviews": "One row for each run of a review, with its receipt: what was read, by what, and what came of it",
    "findings": "What a review kept, where it stands in the code, and whether it was said",
    "dropped": "What a review did not keep, and why",
    "comments": "Inline comments at the host, and the finding each one carries",
    "model_calls": "Calls to the model: which prompt, how many tokens, what it cost, how it ended",
    "outcomes": "What became of a finding that was said: fixed, accepted, disputed, ignored",
    "schema_migrations": "Which changes of these tables this file has seen",
    "findings_fts": "Full-text search over findings",
}

_TABLES = (
    """CREATE TABLE _about (name TEXT PRIMARY KEY, description TEXT NOT NULL)""",
    """CREATE TABLE repositories (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        installation_id INTEGER,
        removed_at TEXT
    )""",
    """CREATE TABLE deliveries (
        guid TEXT PRIMARY KEY,
        event TEXT NOT NULL,
        action TEXT NOT NULL DEFAULT '',
        received_at TEXT NOT NULL,
        repository_id INTEGER REFERENCES repositories(id),
        sender TEXT NOT NULL DEFAULT '',
        job_count INTEGER NOT NULL,
        jobs TEXT,
        ignored_because TEXT NOT NULL DEFAULT '',
        payload TEXT
    )""",
    """CREATE TABLE pull_requests (
        key TEXT PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        author TEXT NOT NULL,
        author_is_bot INTEGER NOT NULL,
        base_ref TEXT NOT NULL,
        base_sha TEXT NOT NULL,
        head_ref TEXT NOT NULL,
        head_sha TEXT NOT NULL,
        labels TEXT NOT NULL,
        is_draft INTEGER NOT NULL,
        is_open INTEGER NOT NULL,
        url TEXT NOT NULL,
        created_at TEXT NOT NULL,
        UNIQUE (repository_id, number)
    )""",
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        event TEXT NOT NULL,
        at TEXT NOT NULL,
        actor TEXT NOT NULL DEFAULT '',
        details TEXT NOT NULL DEFAULT '{}',
        UNIQUE (repository_id, number, event, at, actor)
    )""",
    """CREATE TABLE reviews (
        id TEXT PRIMARY KEY,
        key TEXT NOT NULL,
        generation INTEGER NOT NULL,
        pull_request_key TEXT NOT NULL REFERENCES pull_requests(key),
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        base_sha TEXT NOT NULL,
        base_ref TEXT NOT NULL,
        head_sha TEXT NOT NULL,
        trigger TEXT NOT NULL,
        mode TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL,
        coverage TEXT NOT NULL,
        result TEXT NOT NULL,
        reason TEXT NOT NULL,
        finding_count INTEGER NOT NULL,
        dropped_count INTEGER NOT NULL,
        model TEXT,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cost_usd REAL,
        duration_s REAL NOT NULL,
        host_review_id INTEGER,
        url TEXT NOT NULL DEFAULT '',
        receipt TEXT NOT NULL,
        UNIQUE (key, generation)
    )""",
    """CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
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
        said TEXT NOT NULL CHECK (said IN ('inline', 'listed', 'held')),
        state TEXT NOT NULL DEFAULT 'open',
        found_at TEXT NOT NULL,
        UNIQUE (review_id, fingerprint)
    )""",
    """CREATE TABLE dropped (
        id INTEGER PRIMARY KEY,
        review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
        rule TEXT NOT NULL,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        source TEXT NOT NULL,
        finding TEXT
    )""",
    """CREATE TABLE comments (
        host_id INTEGER NOT NULL,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        review_id TEXT NOT NULL REFERENCES reviews(id) ON DELETE CASCADE,
        fingerprint TEXT NOT NULL,
        posted_at TEXT NOT NULL,
        PRIMARY KEY (repository_id, host_id)
    )""",
    """CREATE TABLE model_calls (
        id TEXT PRIMARY KEY,
        review_key TEXT NOT NULL,
        repository_id INTEGER,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        prompt_version TEXT NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        cost_usd REAL,
        latency_s REAL NOT NULL,
        attempts INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    """CREATE TABLE outcomes (
        id INTEGER PRIMARY KEY,
        repository_id INTEGER NOT NULL REFERENCES repositories(id),
        number INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        outcome TEXT NOT NULL,
        judged_by TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL,
        UNIQUE (repository_id, number, fingerprint, judged_by)
    )""",
)

_INDEXES = (
    "CREATE INDEX repositories_by_name ON repositories (owner COLLATE NOCASE, name COLLATE NOCASE)",
    "CREATE INDEX deliveries_by_time ON deliveries (received_at)",
    "CREATE INDEX deliveries_by_repository ON deliveries (repository_id)",
    "CREATE INDEX events_by_time ON events (at)",
    "CREATE INDEX reviews_by_head ON reviews (repository_id, head_sha)",
    "CREATE INDEX reviews_by_pull_request ON reviews (repository_id, number, finished_at)",
    "CREATE INDEX reviews_by_time ON reviews (finished_at)",
    "CREATE INDEX findings_by_pull_request ON findings (repository_id, number, fingerprint)",
    "CREATE INDEX findings_by_rule ON findings (rule)",
    "CREATE INDEX dropped_by_review ON dropped (review_id)",
    "CREATE INDEX dropped_by_reason ON dropped (reason, rule)",
    "CREATE INDEX comments_by_review ON comments (review_id)",
    "CREATE INDEX model_calls_by_time ON model_calls (at)",
    "CREATE INDEX model_calls_by_review ON model_calls (review_key)",
)


def create_first_tables(database: Database) -> None:
    for statement in _TABLES + _INDEXES:
        database.conn.execute(statement)
    database.table("findings").enable_fts(["title", "body", "evidence", "path", "rule"], create_triggers=True)
    database.conn.executemany("INSERT INTO _about VALUES (?, ?)", sorted(_ABOUT.items()))
