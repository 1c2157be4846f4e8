"""Answers of models, by a digest of the question: what they say, never what they were shown."""

import json

from sqlite_utils import Database

from bot.domain import RememberedAnswer
from bot.ledger.opening import Opened
from bot.ledger.rows import as_json, upsert

MOST_ANSWERS = 5000
"""The oldest go first. An answer has a few kilobytes at most."""
_COLUMNS = "answer AS text, model, prompt, prompt_version, at"

_DROP_OLDEST = """DELETE FROM model_answers WHERE key IN
    (SELECT key FROM model_answers ORDER BY at DESC LIMIT -1 OFFSET ?)"""


class ModelAnswers(Opened):
    def model_answer(self, key: str, since: str) -> RememberedAnswer | None:
        """The answer kept under that key, if it was given since then."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM model_answers WHERE key = :key AND at >= :since",  # noqa: S608 — ours
            {"key": key, "since": since},
        )
        return RememberedAnswer(**rows[0]) if rows else None

    def older_model_answer(self, question: str, since: str) -> RememberedAnswer | None:
        """The latest answer to that question since then, by whatever model and version of the prompt."""
        rows = self._rows(
            f"""SELECT {_COLUMNS} FROM model_answers WHERE question = :question AND at >= :since
                ORDER BY at DESC LIMIT 1""",  # noqa: S608 — ours
            {"question": question, "since": since},
        )
        return RememberedAnswer(**rows[0]) if rows else None

    def keep_model_answer(
        self, key: str, question: str, answer: RememberedAnswer, repository_id: int | None = None
    ) -> None:
        """Remembers an answer, a JSON text, secrets in it masked."""
        row = {
            "key": key,
            "question": question,
            "repository_id": repository_id,
            "model": answer.model,
            "prompt": answer.prompt,
            "prompt_version": answer.prompt_version,
            "at": answer.at,
        }
        with self._connection.writing() as database:
            upsert(database, "model_answers", row | {"answer": as_json(json.loads(answer.text))}, ["key"])
            database.conn.execute(_DROP_OLDEST, [MOST_ANSWERS])


def drop_answers(database: Database, before: str) -> int:
    """Deletes answers given before then. Rows deleted."""
    return database.conn.execute("DELETE FROM model_answers WHERE at < ?", [before]).rowcount
