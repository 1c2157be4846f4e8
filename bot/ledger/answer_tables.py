"""What is kept so that no answer of a model is paid twice, and no cap is passed by calls under way."""

from sqlite_utils import Database

_ABOUT = {
    "model_answers": "What models said, by a digest of the question: asked again, it is not paid again",
    "model_holds": "Money and tokens held for calls to a model that are under way, so that caps hold over all workers",
}
_TABLES = (
    """CREATE TABLE model_answers (
        key TEXT PRIMARY KEY,
        question TEXT NOT NULL,
        repository_id INTEGER,
        model TEXT NOT NULL,
        prompt TEXT NOT NULL,
        prompt_version TEXT NOT NULL,
        answer TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    "CREATE INDEX model_answers_by_question ON model_answers (question, at)",
    "CREATE INDEX model_answers_by_time ON model_answers (at)",
    "CREATE INDEX model_answers_of_repository ON model_answers (repository_id)",
    """CREATE TABLE model_holds (
        call_id TEXT PRIMARY KEY,
        review_key TEXT NOT NULL,
        repository_id INTEGER,
        organisation TEXT NOT NULL,
        cost_usd REAL NOT NULL,
        tokens INTEGER NOT NULL,
        until TEXT NOT NULL
    ) WITHOUT ROWID""",
)


def create_answer_tables(database: Database) -> None:
    for statement in _TABLES:
        database.conn.execute(statement)
    database.conn.executemany("INSERT INTO _about VALUES (?, ?)", sorted(_ABOUT.items()))
