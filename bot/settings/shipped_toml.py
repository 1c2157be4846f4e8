"""The TOML that ships, read at a tenth of the usual cost: a command reads three thousand lines of it at each start.

Nearly all of its lines are a header or a key with a value that JSON writes in the same way, which C can read.
"""

import tomllib
from json import JSONDecoder
from typing import Any

_STARTS = frozenset('"[tf0123456789')
"""How values begin that mean the same in both, as long as they are on one line."""
_value_at = JSONDecoder().raw_decode


class _NotPlain(Exception):
    """A line that only the whole grammar can read."""


def shipped(text: str) -> dict[str, Any]:
    """What `tomllib.loads` gives, for TOML. Raises tomllib.TOMLDecodeError for nearly all that is none."""
    try:
        return _plain(text)
    except (_NotPlain, ValueError):
        return tomllib.loads(text)


def _plain(text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    table = values
    for line in text.splitlines():
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            table = _table_of(line, values)
            continue
        key, _, rest = line.partition(" = ")
        if not key.isidentifier() or key in table or rest[:1] not in _STARTS:
            raise _NotPlain
        value, end = _value_at(rest)
        if end < len(rest):
            _expect_no_more(rest[end:])
        table[key] = value
    return values


def _table_of(line: str, values: dict[str, Any]) -> dict[str, Any]:
    """The table that follows a header: `[name]`, `[name.within]` or `[[name]]`."""
    is_row = line.startswith("[[")
    header, closing, rest = line[2 if is_row else 1 :].partition("]]" if is_row else "]")
    _expect_no_more(rest)
    *outer, name = header.split(".")
    holder = values
    for one in outer:
        holder = holder.setdefault(one, {})
        if not isinstance(holder, dict):
            raise _NotPlain
    if not closing or not all(one.isidentifier() for one in (*outer, name)) or (name in holder and not is_row):
        raise _NotPlain
    table: dict[str, Any] = {}
    if not is_row:
        holder[name] = table
        return table
    rows = holder.setdefault(name, [])
    if not isinstance(rows, list) or (rows and not isinstance(rows[0], dict)):
        raise _NotPlain
    rows.append(table)
    return table


def _expect_no_more(rest: str) -> None:
    """But a remark."""
    left = rest.lstrip()
    if left and left[0] != "#":
        raise _NotPlain
