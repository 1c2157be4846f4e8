"""Many threads ask GitHub at once over one connection, and each gets its own answer, by its own token."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, Thread
from typing import Any

import pytest
from github.Requester import HTTPRequestsConnectionClass

from bot.github.requester import shared_requester

THREADS = 8


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = [self.command, self.path, self.headers["Authorization"], body]
        text = json.dumps(asked).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_each_of_many_threads_is_answered_what_it_asked(echo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All note what they ask before any of them sends it: the worst that a switch of threads can do."""
    noted = Barrier(THREADS)
    note = HTTPRequestsConnectionClass.request

    def note_and_wait(connection: HTTPRequestsConnectionClass, *asked: Any, **named: Any) -> None:
        note(connection, *asked, **named)
        noted.wait(30)

    monkeypatch.setattr(HTTPRequestsConnectionClass, "request", note_and_wait)
    requester = shared_requester(
        auth=None, base_url=echo, timeout=30, user_agent="seawall", per_page=100, verify=True, retry=None,
        pool_size=THREADS, seconds_between_requests=None, seconds_between_writes=None,
    )  # fmt: skip
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        verb, path, token, body = _asked(number)
        said = json.loads(body) if body else None
        answers[number] = json.loads(requester.requestJson(verb, path, headers={"Authorization": token}, input=said)[2])

    threads = [Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    requester.close()
    assert answers == {number: _asked(number) for number in range(THREADS)}


def _asked(number: int) -> list[str]:
    """Method, path, token and body; every other one writes."""
    path = f"/repos/acme/shop/issues/{number + 1}/comments"
    if number % 2:
        return ["POST", path, f"token {number}", json.dumps({"body": f"Said by {number}."})]
    return ["GET", path, f"token {number}", ""]
