"""Forgetting a repository, or a person, in every table."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

from sqlite_utils import Database

_OF_REPOSITORY = (
    "comments", "findings", "outcomes", "events", "model_calls", "deliveries", "point_aliases", "evidence", "points",
    "waivers", "guidance", "incidents", "pauses", "commands", "subscriptions", "posture_maps", "posture_changes",
    "backfills", "audit", "model_answers", "model_holds", "rule_drafts",
)  # fmt: skip
_LOGINS = (
    ("deliveries", "sender"),
    ("pull_requests", "author"),
    ("events", "actor"),
    ("evidence", "actor"),
    ("waivers", "owner"),
    ("guidance", "author"),
    ("incidents", "author"),
    ("commands", "person_id"),
    ("commands", "person_name"),
    ("api_tokens", "made_by"),
    ("audit", "login"),
    ("rule_drafts", "asked_by"),
)
"""Columns that hold a login and nothing else."""
_PROSE = (
    ("pull_requests", "title"),
    ("pull_requests", "body"),
    ("pull_requests", "head_ref"),
    ("pull_requests", "url"),
    *((table, column) for table in ("findings", "points") for column in ("title", "body", "evidence", "suggestion")),
    ("dropped", "detail"),
    ("outcomes", "reason"),
    ("deliveries", "ignored_because"),
    ("reviews", "reason"),
    ("evidence", "detail"),
    ("waivers", "reason"),
    ("waivers", "ended_by"),
    ("guidance", "text"),
    ("incidents", "title"),
    ("incidents", "text"),
    ("incidents", "url"),
    ("pauses", "paused_by"),
    ("pauses", "ended_by"),
    ("pauses", "reason"),
    ("commands", "text"),
    ("commands", "title"),
    ("subscriptions", "subscribed_by"),
    ("posture_maps", "service"),
    ("api_tokens", "name"),
    ("audit", "subject"),
    ("audit", "outcome"),
    *(("rule_drafts", column) for column in ("title", "toml", "why_not")),
)
_JSON = (
    ("deliveries", "jobs"),
    ("events", "details"),
    ("dropped", "finding"),
    ("reviews", "receipt"),
    ("incidents", "paths"),
    ("incidents", "scopes"),
    ("commands", "place"),
    ("subscriptions", "wants"),
    ("posture_maps", "map"),
    ("posture_changes", "change"),
    ("model_answers", "answer"),
    ("rule_drafts", "places"),
)
_SEARCHED = ("findings", "incidents")


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
            **{
                table: f"DELETE FROM {table} WHERE review_id IN (SELECT id FROM reviews WHERE repository_id = ?)"  # noqa: S608
                for table in ("dropped", "files_read")
            },
            **{table: f"DELETE FROM {table} WHERE repository_id = ?" for table in _OF_REPOSITORY},  # noqa: S608 — ours
            "reviews": "DELETE FROM reviews WHERE repository_id = ?",
            "pull_requests": "DELETE FROM pull_requests WHERE repository_id = ?",
            "repositories": "DELETE FROM repositories WHERE id = ?",
        }
        for table, sql in statements.items():
            counts[table] = counts.get(table, 0) + database.conn.execute(sql, [repository_id]).rowcount
    if ids:
        counts["commands"] += _blank_commands_that_name(database, f"{owner}/{name}")
        # Answers about the organisation belong to no repository, and may name it; they are only there to save money.
        counts["model_answers"] += database.conn.execute(
            "DELETE FROM model_answers WHERE repository_id IS NULL"
        ).rowcount
    _rebuild_search(database)
    return {table: count for table, count in counts.items() if count}


def _blank_commands_that_name(database: Database, words: str) -> int:
    """Commands given in a chat channel belong to no repository, and may name it all the same."""
    return database.conn.execute(
        """UPDATE commands SET text = '', title = ''
        WHERE instr(lower(text), lower(:words)) OR instr(lower(title), lower(:words))""",
        {"words": words},
    ).rowcount


def forget_user(database: Database, login: str) -> dict[str, int]:
    """Puts one new pseudonym in place of the login everywhere, and drops raw deliveries that name it.

    What is linked to the login, in any chat system, is forgotten with it; a person without one is named by their key,
    `slack:T1:U7`. The pseudonym is random: it cannot be computed from the login, and a second call draws another.
    Rows changed, by table.
    """
    pseudonym = f"someone-{secrets.token_hex(4)}"
    changed: dict[str, set[int]] = {}
    unlinked, keys = _unlink(database, login)
    if count := database.conn.execute("DELETE FROM sessions WHERE login = ? COLLATE NOCASE", [login]).rowcount:
        unlinked["sessions"] = count
    for key in keys:
        _rename_author_of_commands(database, key, pseudonym, changed)
    for name in dict.fromkeys([login, *keys, *(key.split(":", 2)[2] for key in keys)]):
        _rename(database, name, pseudonym, changed)
    _rebuild_search(database)
    return dict(sorted((unlinked | {table: len(rows) for table, rows in changed.items()}).items()))


def _unlink(database: Database, login: str) -> tuple[dict[str, int], list[str]]:
    """Deletes links and codes of a login, or of a person's key. Rows deleted, by table, and the persons' keys."""
    whose = "WHERE login = :who COLLATE NOCASE OR person_key = :who COLLATE NOCASE"
    keys = [login] if re.fullmatch(r"[a-z]+:[^:]*:.+", login) else []
    deleted = {}
    for table in ("links", "link_codes"):
        found = database.conn.execute(f"SELECT person_key FROM {table} {whose}", {"who": login})  # noqa: S608 — ours
        # A code nobody has used proves nothing: its login may be somebody else's.
        keys += [str(key) for (key,) in found if table == "links"]
        if count := database.conn.execute(f"DELETE FROM {table} {whose}", {"who": login}).rowcount:  # noqa: S608
            deleted[table] = count
    return deleted, keys


def _rename_author_of_commands(database: Database, key: str, pseudonym: str, changed: dict[str, set[int]]) -> None:
    """The name that a chat system shows of somebody is none of the names that are looked for elsewhere."""
    rows = database.conn.execute("SELECT rowid FROM commands WHERE person_key = ?", [key]).fetchall()
    for (rowid,) in rows:
        database.conn.execute(
            "UPDATE commands SET person_id = ?, person_name = ? WHERE rowid = ?", [pseudonym, pseudonym, rowid]
        )
        changed.setdefault("commands", set()).add(int(rowid))


def _rename(database: Database, name: str, pseudonym: str, changed: dict[str, set[int]]) -> None:
    named = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(name)}(?![A-Za-z0-9-])", re.IGNORECASE)

    def rewrite(table: str, column: str, new_value: Callable[[str], str | None]) -> None:
        rows = database.conn.execute(
            f"SELECT rowid, {column} FROM {table} WHERE instr(lower({column}), lower(?))",  # noqa: S608 — names are ours
            [name],
        ).fetchall()
        for rowid, value in rows:
            if (new := new_value(value)) != value:
                # OR REPLACE: two spellings of one login become one, and with them, at times, two rows.
                sql = f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 — names are ours
                database.conn.execute(sql, [new, rowid])
                changed.setdefault(table, set()).add(int(rowid))

    for table, column in _LOGINS:
        rewrite(table, column, lambda value: pseudonym if value.lower() == name.lower() else value)
    for table, column in _PROSE:
        rewrite(table, column, lambda value: named.sub(pseudonym, value))
    for table, column in _JSON:
        rewrite(table, column, lambda value: _rename_within(value, named, pseudonym))
    rewrite("deliveries", "payload", lambda _: None)


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
    for table in _SEARCHED:
        database.conn.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')")  # noqa: S608 — ours
