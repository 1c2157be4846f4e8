"""What work there is, and how it stands: asked of the database for a tenth of what the engine's own listing costs.

On SQLite that listing also reads every row there is to find those whose id begins alike; here the index finds them,
and SQLite is asked straight away: what SQLAlchemy adds costs more than the question. Where it fails, the engine is
asked, which waits out a database that is away. The connection is the engine's own, which is not public; the minor
version is pinned, and the tests of placing and asking watch it.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import SQLAlchemyError

_BETWEEN = "SELECT workflow_uuid, status FROM workflow_status WHERE workflow_uuid >= ? AND workflow_uuid < ?"
_ALIKE = sa.text(
    "SELECT workflow_uuid, status FROM dbos.workflow_status "
    "WHERE starts_with(workflow_uuid, :prefix) AND status IN :statuses"
).bindparams(sa.bindparam("statuses", expanding=True))
_STATES = {
    "sqlite": "SELECT workflow_uuid, status FROM workflow_status WHERE workflow_uuid IN :ids",
    "postgresql": "SELECT workflow_uuid, status FROM dbos.workflow_status WHERE workflow_uuid IN :ids",
}
_STATUSES = {
    dialect: sa.text(query).bindparams(sa.bindparam("ids", expanding=True)) for dialect, query in _STATES.items()
}
Found = list[tuple[str, str]]
"""Ids of work, each with its status."""


def found_of(*wanted: tuple[str, Sequence[str]]) -> Found:
    """All work whose id begins like this and that is in one of these states, in no order. Only in a worker."""
    engine = _engine()
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                cursor: Any = connection.connection.cursor()
                return [row for prefix, statuses in wanted for row in on_sqlite(cursor, prefix, statuses)]
            asked = [{"prefix": prefix, "statuses": list(statuses)} for prefix, statuses in wanted]
            return [(str(row[0]), str(row[1])) for values in asked for row in connection.execute(_ALIKE, values)]
    except (SQLAlchemyError, sqlite3.Error):
        listed = (
            DBOS.list_workflows(workflow_id_prefix=prefix, status=list(statuses), load_input=False, load_output=False)
            for prefix, statuses in wanted
        )
        return [(work.workflow_id, work.status) for works in listed for work in works]


def on_sqlite(cursor: sqlite3.Cursor, prefix: str, statuses: Sequence[str]) -> Found:
    """Of one prefix. Raises sqlite3.Error."""
    marks = ", ".join("?" * len(statuses))
    query = f"{_BETWEEN} AND status IN ({marks})"
    return cursor.execute(query, (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1), *statuses)).fetchall()


def statuses_of(ids: Sequence[str]) -> dict[str, str]:
    """How each of these stands, by id; those that do not exist are left out. Only in a worker."""
    engine = _engine()
    try:
        with engine.connect() as connection:
            rows = connection.execute(_STATUSES[engine.dialect.name], {"ids": list(ids)}).all()
            return {str(work_id): str(status) for work_id, status in rows}
    except SQLAlchemyError:
        listed = DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)
        return {work.workflow_id: work.status for work in listed}


def _engine() -> sa.Engine:
    return _get_dbos_instance()._sys_db.engine
