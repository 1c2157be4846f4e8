"""Looking for work costs next to nothing while there is none.

A poll costs the engine 3 to 6 ms of processor time, and it polls each queue twenty times a second, also when nothing
has happened. Here its pollers rest until the database has changed, then glance into their queue, and only where
something waits does the engine look in earnest. On Postgres there is no such sign of a change, and each poll begins
with the glance. It hooks into calls that are not public; the minor version is pinned, and contract tests watch them.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

LOOK_EVERY_S = 0.02
"""How often the file is asked whether it changed: some 50 microseconds each time."""
LOOK_ANYWAY_S = 1.0
"""A poller rests no longer than this; it also has to see that it is to stop."""
KEEP_QUEUE_S = 10.0
"""A queue's bounds, which the engine would read anew for every poll, are read this often."""
_SEEN = "SELECT 1 FROM {table} WHERE queue_name = :queue AND status = 'ENQUEUED' LIMIT 1"


def glance_first(engine: DBOS, take_in: Mapping[str, Callable[[], bool]] | None = None) -> None:
    """For a launched engine. A glance that fails counts as seen: the engine then meets the trouble itself.

    `take_in`: by queue, who has what waits there first; the engine looks only where that is true afterwards. It is
    called also where nothing waits: what it could not give back before may keep others from coming.
    """
    database = engine._sys_db
    in_earnest = database.dequeue_scopes
    if database.engine.dialect.name == "sqlite":
        waits: Callable[[str], bool] = _FileWatch(str(database.engine.url.database)).awaits
    else:
        waits = _on_postgres(database.engine)
    first = take_in or {}

    def scopes(queue_name: str) -> Sequence[Any]:
        is_wanted = waits(queue_name)
        if queue_name in first:
            is_wanted = first[queue_name]() and is_wanted
        return in_earnest(queue_name) if is_wanted else []

    database.dequeue_scopes = scopes  # type: ignore[method-assign,assignment]
    database.get_queue = _remembered(database.get_queue)  # type: ignore[method-assign]


class _FileWatch:
    """One thread sees whether anybody wrote to the file; those who rest are woken by it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._reader = _open(path)
        self._reading = threading.Lock()
        self._changed = threading.Condition()
        self._changes = 0
        threading.Thread(target=self._watch, name="file-watch", daemon=True).start()

    def awaits(self, queue_name: str) -> bool:
        """True once work waits in this queue; False where none came within LOOK_ANYWAY_S."""
        ends = time.monotonic() + LOOK_ANYWAY_S
        while True:
            changes = self._changes  # before the glance: what is written after it wakes us
            if self._glance(queue_name):
                return True
            if not self._has_changed(changes, ends - time.monotonic()):
                return False

    def _has_changed(self, known: int, within_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._changes != known, max(0.0, within_s))

    def _glance(self, queue_name: str) -> bool:
        try:
            with self._reading:
                # All rows are fetched: a read left open would keep the log from being written back.
                return bool(self._reader.execute(_SEEN.format(table="workflow_status"), [queue_name]).fetchall())
        except sqlite3.Error:
            return True

    def _watch(self) -> None:
        known, connection = None, _open(self._path)
        while True:
            version = None
            with contextlib.suppress(sqlite3.Error):
                version = connection.execute("PRAGMA data_version").fetchall()
            if version is None or version != known:
                known = version
                with self._changed:
                    self._changes += 1
                    self._changed.notify_all()
            time.sleep(LOOK_EVERY_S)


def _open(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=1.0, check_same_thread=False)


def _on_postgres(engine: sa.Engine) -> Callable[[str], bool]:
    seen = sa.text(_SEEN.format(table="dbos.workflow_status"))

    def waits(queue_name: str) -> bool:
        try:
            with engine.connect() as connection:
                return connection.execute(seen, {"queue": queue_name}).first() is not None
        except sa.exc.SQLAlchemyError:
            return True

    return waits


def _remembered(read: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[str, tuple[float, Any]] = {}

    def remembered(name: str, **others: Any) -> Any:
        if others:
            return read(name, **others)
        now = time.monotonic()
        if name not in kept or now - kept[name][0] > KEEP_QUEUE_S:
            kept[name] = (now, read(name))
        return kept[name][1]

    return remembered
