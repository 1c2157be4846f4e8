"""Rows as they may be kept: secrets masked, text that SQLite can hold, JSON where a value has parts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from bot.redaction import masked

Row = Mapping[str, Any]


def clean(value: Any) -> Any:
    """The value with every text in it masked, parts within parts too. Half surrogates become `?`: UTF-8 lacks them."""
    if isinstance(value, str):
        return masked(value.encode("utf-8", "replace").decode("utf-8"))
    if isinstance(value, Mapping):
        return {clean(key): clean(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(part) for part in value]
    return value


def as_json(value: Any) -> str:
    """JSON text of a value whose texts are masked one by one, so that a mask cannot break the JSON."""
    return json.dumps(clean(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def upsert(database: Database, table: str, row: Row, key: Sequence[str]) -> None:
    """Inserts the row, or brings the one with the same key up to date. Repeating it changes nothing.

    Mappings, lists and tuples are kept as JSON.
    """
    values = {
        name: as_json(value) if isinstance(value, (Mapping, list, tuple)) else clean(value)
        for name, value in row.items()
    }
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in values if name not in key)
    then = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
    sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks}) ON CONFLICT ({", ".join(key)}) {then}'  # noqa: S608 — names are ours
    database.conn.execute(sql, values)
