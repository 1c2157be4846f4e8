"""Connections end in the thread that answered them, not in the one that takes new ones.

Gunicorn closes an answered connection in its main thread, and politely: it waits up to two seconds for the sender to
close too. While it does, nobody else is let in: senders a tenth of a second away could have ten connections a second
between them. The politeness is for bytes that were not read, which would cut the answer short; where a request was read
to its end there are none.
"""

import select
from typing import Any

from gunicorn import util
from gunicorn.http.body import LengthReader
from gunicorn.workers.gthread import ThreadWorker


class PromptWorker(ThreadWorker):  # type: ignore[misc]
    def handle(self, connection: Any) -> Any:
        """True where the connection is kept for another request."""
        if not connection.initialized and _has_come(connection.sock):
            connection.data_ready = True  # spares a selector made for it alone
        is_kept = super().handle(connection)
        if is_kept is False:
            _close(connection)
        return is_kept


def _has_come(sock: Any) -> bool:
    """The first bytes are there already."""
    waiting = select.poll()
    waiting.register(sock, select.POLLIN)
    return bool(waiting.poll(0))


def _close(connection: Any) -> None:
    request = getattr(connection.parser, "mesg", None)
    reader = getattr(getattr(request, "body", None), "reader", None)
    if isinstance(reader, LengthReader) and not reader.length:
        util.close(connection.sock)
    else:
        util.close_graceful(connection.sock)
    connection.close = _is_closed


def _is_closed(graceful: bool = False) -> None:
    """The main thread has nothing left to do."""
