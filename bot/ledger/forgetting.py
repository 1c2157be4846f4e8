"""Forgetting a repository, or a person."""

import json
import re
import secrets
from typing import Any

from sqlite_utils import Database

_OF_REPOSITORY = ("comments", "findings", "outcomes", "events", "model_calls", "deliveries")
_LOGINS = (("deliveries", "sender"), ("pull_requests", "author"), ("events", "actor"), ("outcomes", "judged_by"))
"""Columns that hold a login and nothing else."""
_PROSE = (
    ("pull_requests", "title"),
    ("pull_requests", "body"),
    ("pull_requests", "head_ref"),
    ("pull_requests", "url"),
    ("findings", "title"),
    ("findings", "body"),
    ("findings", "evidence"),
    ("findings", "suggestion"),
    ("dropped", "detail"),
    ("outcomes", "reason"),
    ("deliveries", "ignored_because"),
    ("reviews", "reason"),
)
_JSON = (("deliveries", "jobs"), ("events", "details"), ("dropped", "finding"), ("reviews", "receipt"))


def forget_repository(database: Database, full_name: str) -> dict[str, int]:
    """Deletes every row of the repository now known by `owner/name`. Rows deleted, by table."""
    owner, _, name = full_name.partition("/")
    ids = [
        int(repository_id)
        for (repository_id,) in database.conn.execute(
            "SELECT id FROM repositories WHERE owner = ? COLLATE NOCASE AND name = ? COLLATE NOCASE", [owner, name]
        )
    ]
    counts: dict[str, int] = {}
    for repository_id in ids:
        statements = {
            "dropped": "DELETE FROM dropped WHERE review_id IN (SELECT id FROM reviews WHERE repository_id = ?)",
            **{table: f"DELETE FROM {table} WHERE repository_id = ?" for table in _OF_REPOSITORY},  # noqa: S608 — ours
            "reviews": "DELETE FROM reviews WHERE repository_id = ?",
            "pull_requests": "DELETE FROM pull_requests WHERE repository_id = ?",
            "repositories": "DELETE FROM repositories WHERE id = ?",
        }
        for table, sql in statements.items():
            counts[table] = counts.get(table, 0) + database.conn.execute(sql, [repository_id]).rowcount
    _rebuild_search(database)
    return {table: count for table, count in counts.items() if count}


def forget_user(database: Database, login: str) -> dict[str, int]:
    """Puts one new pseudonym in place of the login everywhere, and drops raw deliveries that name it.

    The pseudonym is random: it cannot be computed from the login, and a second call draws another. Rows changed, by
    table.
    """
    pseudonym = f"someone-{secrets.token_hex(4)}"
    named = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(login)}(?![A-Za-z0-9-])", re.IGNORECASE)
    changed: dict[str, set[int]] = {}

    def rewrite(table: str, column: str, new_value: Any) -> None:
        rows = database.conn.execute(
            f"SELECT rowid, {column} FROM {table} WHERE instr(lower({column}), lower(?))",  # noqa: S608 — names are ours
            [login],
        ).fetchall()
        for rowid, value in rows:
            if (new := new_value(value)) != value:
                database.conn.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [new, rowid])  # noqa: S608
                changed.setdefault(table, set()).add(rowid)

    for table, column in _LOGINS:
        rewrite(table, column, lambda value: pseudonym if value.lower() == login.lower() else value)
    for table, column in _PROSE:
        rewrite(table, column, lambda value: named.sub(pseudonym, value))
    for table, column in _JSON:
        rewrite(table, column, lambda value: _rename_within(value, named, pseudonym))
    rewrite("deliveries", "payload", lambda _: None)
    _rebuild_search(database)
    return {table: len(rows) for table, rows in sorted(changed.items())}


def _rename_within(text: str, named: re.Pattern[str], pseudonym: str) -> str:
    """Renames in the values of JSON text, never in its keys."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return named.sub(pseudonym, value)
        if isinstance(value, list):
            return [walk(part) for part in value]
        if isinstance(value, dict):
            return {key: walk(part) for key, part in value.items()}
        return value

    return json.dumps(walk(json.loads(text)), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _rebuild_search(database: Database) -> None:
    """The index keeps words of rows that are gone until it merges; built anew it holds what is there, and no more."""
    database.conn.execute("INSERT INTO findings_fts (findings_fts) VALUES ('rebuild')")
