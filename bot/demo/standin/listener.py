"""The HTTP server: threads on loopback, with a way to break single connections as networks do."""

import contextlib
import socket
import struct
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

IDLE_TIMEOUT_S = 30.0


class _Connection(WSGIRequestHandler):
    timeout = IDLE_TIMEOUT_S
    disable_nagle_algorithm = True

    def make_environ(self) -> WSGIEnvironment:
        environ = super().make_environ()
        environ["standin.connection"] = self
        return environ

    def reset(self) -> None:
        """Ends the connection with RST and no answer."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.server.without_farewell.add(self.connection.fileno())  # type: ignore[attr-defined]
        self.close_connection = True
        raise ConnectionResetError("reset on request")

    def cut_short(self) -> None:
        """Ends the connection after what is written, however much was promised."""
        self.close_connection = True

    def log_request(self, *_: Any) -> None:
        """The journal has it."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Broken pipes of impatient clients are no news here."""


class Listener(ThreadedWSGIServer):
    """Serves an application on 127.0.0.1. Port 0 takes a free one; `port` then tells which."""

    request_queue_size = 256

    def __init__(self, application: WSGIApplication, port: int) -> None:
        self.without_farewell: set[int] = set()
        super().__init__("127.0.0.1", port, application, handler=_Connection)

    def shutdown_request(self, request: Any) -> None:
        """A connection that is to be reset must not say goodbye (FIN) first."""
        number = request.fileno()
        if number in self.without_farewell:
            self.without_farewell.discard(number)
            with contextlib.suppress(OSError):
                request.close()
            return
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is its own business."""
