"""A deadline on reading a request's body: a sender that dawdles must not hold a thread for ever."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator


class ReadingDeadline:
    """Ends the reading of a connection that takes longer than `seconds`; one watching thread for all of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._changed = threading.Condition()
        self._open: dict[int, tuple[float, socket.socket]] = {}
        self._late: set[int] = set()
        self._next = 0
        self._process = 0
        self._rests = False

    @contextlib.contextmanager
    def over(self, connection: socket.socket | None) -> Iterator["Late"]:
        """Within the block the connection may be read for so long; afterwards the answer can still be sent."""
        late = Late()
        if connection is None:
            yield late
            return
        with self._changed:
            self._start_watching()
            self._next += 1
            ticket = self._next
            self._open[ticket] = (time.monotonic() + self._seconds, connection)
            if self._rests:  # otherwise it looks up by itself before this one is late: waking it costs each request
                self._rests = False
                self._changed.notify()
        try:
            yield late
        finally:
            with self._changed:
                self._open.pop(ticket, None)
                late.is_late = ticket in self._late
                self._late.discard(ticket)

    def _start_watching(self) -> None:
        if self._process != os.getpid():  # threads do not survive a fork
            self._process = os.getpid()
            self._open.clear()
            self._rests = False
            threading.Thread(target=self._watch, name="reading-deadline", daemon=True).start()

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._open:
                    self._rests = True
                    self._changed.wait()
                self._rests = False
                ticket, (deadline, connection) = next(iter(self._open.items()))  # all wait equally long: the oldest
                if (left := deadline - time.monotonic()) > 0:
                    self._changed.wait(left)
                    continue
                del self._open[ticket]
                self._late.add(ticket)
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)


class Late:
    """`is_late` is true, after the block, where the deadline ended it."""

    is_late = False
