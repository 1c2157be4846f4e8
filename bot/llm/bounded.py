"""An HTTP client whose answers end in time and in size.

httpx, which the providers' libraries are built on, bounds each read: an endpoint that sends a byte now and then (some
send blanks to keep the line open) is waited for without end. Here a limit bounds the whole answer.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

OnHeaders = Callable[[Mapping[str, str]], None]
"""Told of the headers of every answer, whatever its status."""
_CONNECT_S = 10.0
_MOST_BYTES = 8 * 1024 * 1024
_DEADLINE = "seawall.deadline"
_LIMIT_S: ContextVar[float | None] = ContextVar("how long the request under way may take", default=None)


@contextmanager
def limited_to(seconds: float) -> Iterator[None]:
    """Requests made in this block, by this thread, take no longer: not every library lets its callers say so."""
    token = _LIMIT_S.set(seconds)
    try:
        yield
    finally:
        _LIMIT_S.reset(token)


def bounded_client(timeout_s: float, clock: Callable[[], float], on_headers: OnHeaders) -> "httpx2.Client":
    """Proxies and certificates come from the environment, as for every client of the kind."""
    import httpx2
    from openai import DefaultHttpxClient

    return DefaultHttpxClient(**bounds(httpx2, timeout_s, clock, on_headers))


def unused_client() -> "httpx2.AsyncClient":
    """For a library that wants one for questions that are never asked: it trusts no certificate, where one of the
    library's own would load them all a second time, almost a megabyte."""
    import httpx2

    return httpx2.AsyncClient(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False)


def bounds(httpx: ModuleType, timeout_s: float, clock: Callable[[], float], on_headers: OnHeaders) -> dict[str, Any]:
    """What a client of `httpx`, or of its successor, is to be made with."""

    class BoundedStream(httpx.SyncByteStream):  # type: ignore[name-defined, misc]  # a module handed in
        def __init__(self, response: Any) -> None:
            self._response = response
            self._stream: Any = response.stream
            self._deadline = response.request.extensions[_DEADLINE]

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for chunk in self._stream:
                size += len(chunk)
                if clock() > self._deadline:
                    raise httpx.ReadTimeout("the whole answer took too long", request=self._response.request)
                if size > _MOST_BYTES:
                    raise httpx.ReadError(f"the answer exceeds {_MOST_BYTES} bytes", request=self._response.request)
                yield chunk

        def close(self) -> None:
            self._stream.close()

    def begin(request: Any) -> None:
        limit_s = _LIMIT_S.get() or timeout_s
        timeout = httpx.Timeout(limit_s, connect=min(_CONNECT_S, limit_s))
        request.extensions["timeout"] = timeout.as_dict()
        request.extensions[_DEADLINE] = clock() + limit_s

    def bound(response: Any) -> None:
        on_headers(response.headers)
        response.stream = BoundedStream(response)

    return {
        "timeout": httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
        "event_hooks": {"request": [begin], "response": [bound]},
    }
