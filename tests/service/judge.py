"""Holds what the real service sends, and what it is answered, against GitHub's own description."""

import io
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tests.contract.oracle import ContractBroken, shared_spec

MISDESCRIBED = {"/app/installations"}
"""No answer fits its description: an account would have to be a user and an enterprise at once."""


class Judge:
    """A WSGI application around the stand-in. `broken` lists every breach; GraphQL is judged by its own schema."""

    def __init__(self, host: WSGIApplication) -> None:
        self.broken: list[str] = []
        self.judged = 0
        self.may_break_off = False
        """True from the moment a caller is killed: it may have been in the middle of a request."""
        self._host = host
        self._spec = shared_spec()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method, path = str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"])
        if path.endswith("/graphql"):
            return self._host(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        if len(body) < length:
            if not self.may_break_off:
                self.broken.append(f"{method} {path}: it broke off after {len(body)} of {length} bytes")
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"The request broke off."]
        environ["wsgi.input"] = io.BytesIO(body)
        url = f"{path}?{query}" if (query := environ.get("QUERY_STRING")) else path
        self._judge(lambda: self._spec.request(method, url, None, body or None))
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said.append(int(status.split()[0]))
            return start_response(status, headers, exc_info)

        answer = b"".join(self._host(environ, note))
        if path not in MISDESCRIBED:
            self._judge(lambda: self._spec.response(method, url, said[0], answer))
        return [answer]

    def _judge(self, verdict: Any) -> None:
        self.judged += 1
        try:
            verdict()
        except ContractBroken as breach:
            self.broken.append(str(breach))
