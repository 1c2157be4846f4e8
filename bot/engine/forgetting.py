"""Forgetting a repository, or a person, in the engine's database: the work itself, and what came of each step."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from bot.engine import names
from bot.engine.database import database_url, first_line, is_sqlite, open_engine, shown
from bot.errors import EngineUnavailable
from bot.settings import Settings

WAIT_S = 10.0
BATCH = 500
_QUOTE = r'\\*"'
"""As it stands in JSON, and in JSON that is a text within JSON."""


@dataclass(frozen=True)
class Forgotten:
    deleted: int
    """Pieces of work that are gone."""
    under_way: int
    """Pieces of work that were being worked on; they are there until somebody forgets once more."""


def forget_repository(settings: Settings, full_name: str, known_ids: Sequence[int]) -> Forgotten:
    """Cancels and deletes all work for the repository `owner/name`, and for those ids, whatever name they had then.

    Raises EngineUnavailable.
    """
    owner, _, name = full_name.partition("/")
    with _Search(settings) as search:
        ids = {str(known) for known in known_ids}
        named = re.compile(
            rf"{_quoted('id')}:\s*(\d+),\s*{_quoted('owner')}:\s*{_quoted(re.escape(owner))},\s*{_quoted('name')}:\s*{_quoted(re.escape(name))}",
            re.IGNORECASE,
        )
        found = set()
        for work_id, text in search.texts(name):
            if matches := named.findall(text):
                found.add(work_id)
                ids.update(matches)
        for repository_id in ids:
            described = re.compile(rf"{_quoted('id')}:\s*{repository_id},\s*{_quoted('owner')}:")
            found |= {work_id for work_id, text in search.texts(repository_id) if described.search(text)}
        return search.delete(found, cancels=True)


def forget_user(settings: Settings, login: str) -> Forgotten:
    """Deletes the finished work that names the person anywhere; what is unfinished is left to its end.

    Raises EngineUnavailable.
    """
    named = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(login)}(?![A-Za-z0-9-])", re.IGNORECASE)
    with _Search(settings) as search:
        return search.delete({work_id for work_id, text in search.texts(login) if named.search(text)}, cancels=False)


class _Search:
    """The database, open for one search through all that is kept with a piece of work."""

    def __init__(self, settings: Settings) -> None:
        self._url = database_url(settings)
        self._is_there = not is_sqlite(self._url) or Path(str(self._url.database)).exists()
        self._engine = open_engine(self._url, pool_size=2, wait_s=WAIT_S)
        if is_sqlite(self._url):
            sa.event.listen(self._engine, "connect", _overwrite_what_is_deleted)

    def __enter__(self) -> "_Search":
        return self

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        self._engine.dispose()
        if isinstance(fault, SQLAlchemyError):
            raise EngineUnavailable(
                f"The engine's database {shown(self._url)} could not be searched: {first_line(fault)}. "
                "Check that it runs and is not locked, then forget again."
            ) from fault

    def texts(self, part: str) -> Iterator[tuple[str, str]]:
        """Each text kept with a piece of work that has this part, in any case, with the id of the work."""
        if not self._is_there:
            return
        with self._engine.connect() as connection:
            for table in self._tables():
                for column in table.columns:
                    text = sa.cast(column, sa.Text)
                    query = sa.select(table.c.workflow_uuid, text).where(
                        sa.func.lower(text).contains(part.lower(), autoescape=True)
                    )
                    yield from ((str(work_id), str(found)) for work_id, found in connection.execute(query))

    def delete(self, found: set[str], *, cancels: bool) -> Forgotten:
        if not found:
            return Forgotten(0, 0)
        client = DBOSClient(
            system_database_engine=self._engine,
            application_name=names.APPLICATION,
            serializer=DBOSPortableJSONSerializer(),
            lazy=True,
        )
        try:
            ordered = sorted(found)
            batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
            counted = [self._delete(client, batch, cancels) for batch in batches]
        finally:
            client.destroy()
        if is_sqlite(self._url):
            with self._engine.connect() as connection:
                connection.exec_driver_sql(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )  # or the log beside the file would remember
        return Forgotten(sum(one.deleted for one in counted), sum(one.under_way for one in counted))

    def _delete(self, client: DBOSClient, work_ids: list[str], cancels: bool) -> Forgotten:
        there = client.list_workflows(workflow_ids=work_ids, load_input=False, load_output=False)
        held = {status.workflow_id for status in there if status.status == "PENDING"}
        if cancels:
            client.cancel_workflows([status.workflow_id for status in there if status.status in _UNFINISHED])
        else:
            held |= {status.workflow_id for status in there if status.status in _UNFINISHED}
        gone = [work_id for work_id in work_ids if work_id not in held]
        client.delete_workflows(gone)
        return Forgotten(len(gone), len(held))

    def _tables(self) -> list[sa.Table]:
        schema = None if is_sqlite(self._url) else "dbos"
        catalogue = sa.MetaData(schema=schema)
        catalogue.reflect(self._engine)
        return [table for table in catalogue.sorted_tables if "workflow_uuid" in table.columns]


_UNFINISHED = ("ENQUEUED", "DELAYED", "PENDING")


def _quoted(text: str) -> str:
    return f"{_QUOTE}{text}{_QUOTE}"


def _overwrite_what_is_deleted(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")
