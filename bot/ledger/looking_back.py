"""What a look back at the host tells, laid over what webhooks have told already: nothing twice, nothing made older."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlite_utils import Database

from bot.domain import PullRequest, TimelineEvent
from bot.ledger.rows import as_json, clean, upsert
from bot.ledger.work import keep_event, keep_repository_if_unknown, told_apart_by

_ONCE: Final = frozenset({"opened", "merged"})
"""Happen to a pull request once, so that one told before is this one, whoever told it of whom."""
_AGAIN: Final = frozenset({"checked"})
"""May happen again to the very same thing: checks of a commit that are run once more."""
_SLACK: Final = timedelta(seconds=10)
"""A webhook tells when the pull request last changed, the host when it happened: not always the same second."""
_ONE_PUSH: Final = timedelta(hours=1)
"""The host tells when a commit was made, not when it was pushed."""
_DESCRIBING: Final = (
    "title", "body", "author", "author_is_bot", "labels", "base_ref", "head_ref", "is_draft", "is_open", "url",
    "created_at",
)  # fmt: skip
_OF_STATE: Final = "('opened', 'reopened', 'drafted', 'ready', 'pushed', 'base-changed', 'closed', 'merged')"


def keep_past(database: Database, pull_request: PullRequest, as_of: str, events: Sequence[TimelineEvent]) -> None:
    """`as_of`: when the pull request last changed, as it is described here."""
    keep_repository_if_unknown(database, pull_request.repository)
    _keep_as_it_was(database, pull_request, as_of)
    keep_past_events(database, pull_request.repository.id, pull_request.number, events)


def keep_past_events(database: Database, repository_id: int, number: int, events: Sequence[TimelineEvent]) -> None:
    rows = database.query(
        "SELECT event, at, actor, ref, details FROM events WHERE repository_id = :repository_id AND number = :number",
        {"repository_id": repository_id, "number": number},
    )
    known: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        known.setdefault(row["event"], []).append(row)
    for event in events:
        there = known.get(event.event, [])
        if _is_push_known(event, there):
            continue
        same = next((row for row in there if _is_same(event, row)), None)
        at, actor = (same["at"], same["actor"]) if same else (event.at, event.actor)
        keep_event(database, repository_id, number, event.event, at, actor, event.details)


def _keep_as_it_was(database: Database, pull_request: PullRequest, as_of: str) -> None:
    """Unless a later change was told. Which head stands there now is left to webhooks: one that they announced, and
    that no review was begun of, is taken for one that nothing of ours can stand on."""
    row = pull_request.to_json() | {"key": pull_request.key, "repository_id": pull_request.repository.id}
    del row["repository"]
    key = [pull_request.repository.id, pull_request.number]
    sql = "SELECT 1 FROM pull_requests WHERE repository_id = ? AND number = ?"
    if not database.conn.execute(sql, key).fetchone():
        unannounced = {"head_sha": "", "base_sha": ""} if pull_request.is_open else {}
        upsert(database, "pull_requests", row | unannounced, ["key"])
        return
    sql = f"SELECT 1 FROM events WHERE repository_id = ? AND number = ? AND at > ? AND event IN {_OF_STATE}"  # noqa: S608 — ours
    if not database.conn.execute(sql, [*key, as_of]).fetchone():
        told = {name: row[name] for name in _DESCRIBING}
        changes = ", ".join(f"{name} = :{name}" for name in told)
        values = {name: as_json(value) if isinstance(value, list) else clean(value) for name, value in told.items()}
        database.conn.execute(f"UPDATE pull_requests SET {changes} WHERE key = :key", values | {"key": row["key"]})  # noqa: S608 — names are ours


def _is_same(event: TimelineEvent, row: Mapping[str, Any]) -> bool:
    ref = told_apart_by(event.event, event.details)
    is_close = abs(_time(row["at"]) - _time(event.at)) <= _SLACK
    if row["ref"] or ref:
        return bool(row["ref"] == ref) and (event.event not in _AGAIN or is_close)
    return event.event in _ONCE or is_close


def _is_push_known(event: TimelineEvent, pushes: Sequence[Mapping[str, Any]]) -> bool:
    if event.event != "pushed" or event.details.get("is_forced"):
        return False
    made = _time(event.at)
    return any(made - _SLACK <= _time(row["at"]) <= made + _ONE_PUSH for row in pushes)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
