"""A glance into a queue before the engine asks it in earnest.

A poll for work costs the engine 3 to 6 ms of CPU, twenty times a second and queue, also when there is nothing. The
glance costs a tenth of that, and only where it sees something does the engine look. It hooks into a call that is not
public; the minor version is pinned, and a contract test watches it.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

_SEEN = "SELECT 1 FROM {table} WHERE queue_name = :queue AND status = 'ENQUEUED' LIMIT 1"


def glance_first(engine: DBOS) -> None:
    """For a launched engine. A glance that fails counts as seen: the engine then meets the trouble itself."""
    database = engine._sys_db
    in_earnest = database.dequeue_scopes
    table = "workflow_status" if database.engine.dialect.name == "sqlite" else "dbos.workflow_status"
    seen = sa.text(_SEEN.format(table=table))

    def scopes(queue_name: str) -> Sequence[Any]:
        try:
            with database.engine.connect() as connection:
                if connection.execute(seen, {"queue": queue_name}).first() is None:
                    return []
        except sa.exc.SQLAlchemyError:
            pass
        return in_earnest(queue_name)

    database.dequeue_scopes = scopes  # type: ignore[method-assign,assignment]
