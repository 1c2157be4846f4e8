"""Taking deliveries in can wait while a crowd of senders waits for its acknowledgements.

To take a delivery in costs ten times what it costs to acknowledge it, and a dozen times the write lock that those who
acknowledge need as well. An acknowledgement is awaited by GitHub; a delivery that is on disk is awaited by nobody for
another second.
"""

import contextlib
import sqlite3
import time
from collections.abc import Callable

CROWD = 50
"""So many deliveries of this second and the last make a crowd."""
LONGEST_S = 1.0
"""Then the next few are taken in, crowd or no crowd."""
_LOOK_EVERY_S = 0.1
_CAME = """SELECT count(*) FROM (SELECT 1 FROM workflow_status
    WHERE queue_name = :queue AND status = 'ENQUEUED' AND created_at >= :since LIMIT :crowd)"""


class Crowd:
    """`connection`: to the engine's file, used by one thread at a time. `now`: seconds since 1970, UTC."""

    def __init__(self, connection: sqlite3.Connection, queue: str, now: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._queue = queue
        self._now = now

    def let_pass(self) -> None:
        """Returns once no crowd comes any more, and at the latest after LONGEST_S."""
        ends = time.monotonic() + LONGEST_S
        while self.is_here() and time.monotonic() < ends:
            time.sleep(_LOOK_EVERY_S)

    def is_here(self) -> bool:
        """False also where the file cannot be read: then nothing waits for it."""
        since_ms = (int(self._now()) - 1) * 1000
        known = {"queue": self._queue, "since": since_ms, "crowd": CROWD}
        with contextlib.suppress(sqlite3.Error):
            return bool(self._connection.execute(_CAME, known).fetchall()[0][0] >= CROWD)
        return False
