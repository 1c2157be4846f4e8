"""How the engine writes queued work: watched once, then done in the same way for a fraction of the cost.

Asked in earnest, the engine builds and compiles its statements anew for every delivery: a good third of what an
acknowledgement costs. They are always the same, so it is asked once, with marks instead of values, in a transaction
that is taken back; its own statements are then run with each delivery's values in place of the marks.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient, EnqueueOptions

_ID, _LANE, _INPUT, _PLACE = "imprint:id", "imprint:lane", "imprint:input", 2**31 - 11
_TOKEN = "creator_xid"  # noqa: S105 — tells a row just written from one that was there
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Parameters = Callable[[Mapping[Any, Any]], Any]


@dataclass(frozen=True)
class QueuedWork:
    """`input_json`: the JSON text of the workflow's only argument. Of one lane, the lower place comes first."""

    workflow: str
    queue: str
    work_id: str
    lane: str
    place: int
    input_json: str


class Imprint:
    """The engine's statements for one workflow in one partitioned queue."""

    def __init__(self, client: DBOSClient, connection: sa.Connection, workflow: str, queue: str) -> None:
        """Within a transaction of the caller's, which stays as it was. Raises LookupError where the engine writes in
        a way that is not known here.
        """
        statements = _watched(client, connection, workflow, queue)
        if len(statements) != 2:
            raise LookupError(f"the engine writes queued work with {len(statements)} statements instead of 2")
        (self._row, row), (self._input, filled) = statements
        self._row_parameters, self._input_parameters = _filler(row), _filler(filled)
        self._is_sqlite = connection.dialect.name == "sqlite"
        wanted, found = {_ID, _LANE, _PLACE, _TOKEN}, set(_marks(row)) | set(_marks(filled))
        if not wanted <= set(_marks(row)) or not {_ID, _INPUT} <= set(_marks(filled)):
            raise LookupError(f"the engine writes queued work without {sorted(map(str, wanted - found))}")
        returned = _returned(self._row)
        if _TOKEN not in returned:
            raise LookupError(f"the engine writes queued work and is told {returned}, not {_TOKEN}")
        self._token_at = returned.index(_TOKEN)

    def write(self, connection: sa.Connection, work: QueuedWork) -> bool:
        """True where it is new, False where work of this id was known already. Raises SQLAlchemyError; on SQLite
        sqlite3.Error.
        """
        token = str(uuid.uuid4())
        values = {_ID: work.work_id, _LANE: work.lane, _PLACE: work.place, _TOKEN: token, _INPUT: work.input_json}
        # SQLite is asked straight away: what SQLAlchemy adds costs more than the statements themselves.
        run: Any = connection.connection.cursor().execute if self._is_sqlite else connection.exec_driver_sql
        if run(self._row, self._row_parameters(values)).fetchone()[self._token_at] != token:
            return False
        run(self._input, self._input_parameters(values))
        return True


def _watched(
    client: DBOSClient, connection: sa.Connection, workflow: str, queue: str
) -> list[tuple[str, dict[Any, Any] | tuple[Any, ...]]]:
    """The inserts, as they reach the driver."""
    seen: list[tuple[str, dict[Any, Any] | tuple[Any, ...]]] = []

    def watch(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT"):
            seen.append((statement, parameters))

    marked = EnqueueOptions(
        workflow_name=workflow,
        queue_name=queue,
        workflow_id=_ID,
        workflow_id_reuse_policy="reject",
        queue_partition_key=_LANE,
        priority=_PLACE,
    )
    sa.event.listen(connection, "before_cursor_execute", watch)
    trial = connection.begin_nested()
    try:
        client.enqueue_in_transaction(connection, marked, _INPUT)
    finally:
        sa.event.remove(connection, "before_cursor_execute", watch)
        trial.rollback()
    return seen


def _returned(statement: str) -> list[str]:
    """The columns that an insert gives back, in their order."""
    return [column.rpartition(".")[2].strip() for column in statement.partition(" RETURNING ")[2].split(",")]


def _marks(parameters: Any) -> dict[Any, Any]:
    """Where (key or position) each mark stands: `{mark: (where, text before, text after)}`."""
    pairs = parameters.items() if isinstance(parameters, Mapping) else enumerate(parameters)
    found: dict[Any, Any] = {}
    for where, value in pairs:
        if value in (_ID, _LANE, _PLACE):
            found[value] = (where, "", "")
        elif isinstance(value, str) and _UUID.fullmatch(value):
            found[_TOKEN] = (where, "", "")
        elif isinstance(value, str) and json.dumps(_INPUT) in value:
            before, _, after = value.partition(json.dumps(_INPUT))
            found[_INPUT] = (where, before, after)
    return found


def _filler(parameters: Any) -> Parameters:
    """Gives the parameters with values in place of the marks."""
    marks = _marks(parameters)
    keys = list(parameters) if isinstance(parameters, Mapping) else range(len(parameters))
    by_key = {key: parameters[key] for key in keys}

    def filled(values: Mapping[Any, Any]) -> Any:
        full = dict(by_key)
        for mark, (where, before, after) in marks.items():
            full[where] = f"{before}{values[mark]}{after}" if before else values[mark]
        return full if isinstance(parameters, Mapping) else tuple(full.values())

    return filled
