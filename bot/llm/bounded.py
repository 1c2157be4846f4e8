"""An HTTP client whose answers end in time and in size.

httpx2, which openai's library is built on, bounds each read: an endpoint that sends a byte now and then (some send
blanks to keep the line open) is waited for without end. Here the read limit of a request bounds its whole answer.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

_CONNECT_S = 10.0
_MOST_BYTES = 8 * 1024 * 1024
_BEGAN = "seawall.began"


def bounded_client(timeout_s: float, clock: Callable[[], float]) -> "httpx2.Client":
    """Proxies and certificates come from the environment, as for every client of the kind."""
    import httpx2 as httpx
    from openai import DefaultHttpxClient

    class BoundedStream(httpx.SyncByteStream):
        def __init__(self, response: httpx.Response) -> None:
            self._response = response
            self._stream: Any = response.stream
            limit_s = response.request.extensions.get("timeout", {}).get("read") or timeout_s
            self._deadline = response.request.extensions[_BEGAN] + limit_s

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

    def begin(request: httpx.Request) -> None:
        request.extensions[_BEGAN] = clock()

    def bound(response: httpx.Response) -> None:
        response.stream = BoundedStream(response)

    return DefaultHttpxClient(
        timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
        event_hooks={"request": [begin], "response": [bound]},
    )
