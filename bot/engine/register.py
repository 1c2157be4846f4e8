"""What work there is, and how it stands: asked of the database for a tenth of what the engine's own listing costs.

On SQLite that listing also reads every row there is to find those whose id begins alike; here the index finds them.
Where the question fails, the engine is asked, which waits out a database that is away. The connection is the engine's
own, which is not public; the minor version is pinned, and the tests of placing and asking watch it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from dbos import DBOS
from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import SQLAlchemyError

_ALIKE = {
    "sqlite": "SELECT workflow_uuid, status FROM workflow_status "
    "WHERE workflow_uuid >= :prefix AND workflow_uuid < :after",
    "postgresql": "SELECT workflow_uuid, status FROM dbos.workflow_status WHERE starts_with(workflow_uuid, :prefix)",
}
_STATES = {
    "sqlite": "SELECT workflow_uuid, status FROM workflow_status WHERE workflow_uuid IN :ids",
    "postgresql": "SELECT workflow_uuid, status FROM dbos.workflow_status WHERE workflow_uuid IN :ids",
}
_FOUND = {
    dialect: sa.text(f"{query} AND status IN :statuses").bindparams(sa.bindparam("statuses", expanding=True))
    for dialect, query in _ALIKE.items()
}
_STATUSES = {
    dialect: sa.text(query).bindparams(sa.bindparam("ids", expanding=True)) for dialect, query in _STATES.items()
}


def found_of(prefix: str, statuses: Sequence[str]) -> list[tuple[str, str]]:
    """Id and status of all work in one of these states whose id begins like this, in no order. Only in a worker."""
    engine = _engine()
    values: dict[str, object] = {"prefix": prefix, "statuses": list(statuses)}
    if engine.dialect.name == "sqlite":
        values["after"] = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    try:
        with engine.connect() as connection:
            rows = connection.execute(_FOUND[engine.dialect.name], values).all()
            return [(str(work_id), str(status)) for work_id, status in rows]
    except SQLAlchemyError:
        listed = DBOS.list_workflows(
            workflow_id_prefix=prefix, status=list(statuses), load_input=False, load_output=False
        )
        return [(work.workflow_id, work.status) for work in listed]


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
