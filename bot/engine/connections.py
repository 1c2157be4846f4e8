"""Connections end in the thread that answered them, not in the one that takes new ones.

Gunicorn closes an answered connection in its main thread, and politely: it waits up to two seconds for the sender to
close too. While it does, nobody else is let in: senders a tenth of a second away could have ten connections a second
between them. The politeness is for bytes that were not read, which would cut the answer short; where a request was read
to its end there are none.

Threads are there before the first connection is. Started one by one as a crowd comes in, each would have to get hold of
the interpreter among those that work already, while the main thread waits for it and lets nobody in.
"""

import select
import threading
from typing import Any

from gunicorn import util
from gunicorn.http.body import LengthReader
from gunicorn.workers.gthread import ThreadWorker

_START_S = 10.0


class PromptWorker(ThreadWorker):  # type: ignore[misc]
    def get_thread_pool(self) -> Any:
        """All of its threads run already."""
        pool, count = super().get_thread_pool(), self.cfg.threads
        together = threading.Barrier(count)
        for _ in range(count):  # none is idle until all are there, so that each of these starts one
            pool.submit(together.wait, _START_S)
        return pool

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
