"""A repository that was renamed: reads and writes reach it under its new name, whole."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot.domain import CheckDraft, PullRequest, Repository
from bot.errors import Rejected
from bot.github import GitHubHost, GitHubPublisher, open_pull_requests
from bot.settings import load_settings

FORMER = Repository(id=5, owner="acme", name="former", installation_id=None)


class _Renamed(BaseHTTPRequestHandler):
    """Knows acme/former by its new name only, and lists no pull requests."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(301, [])

    def do_POST(self) -> None:
        self._answer(307, {"id": 1})

    def _answer(self, moved: int, found: Any) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, body, dict(self.headers)))  # type: ignore[attr-defined]
        is_former = "/former" in self.path
        status = moved if is_former else 200
        text = json.dumps({"message": "Moved Permanently"} if is_former else found).encode()
        self.send_response(status)
        if is_former:
            elsewhere = self.server.elsewhere  # type: ignore[attr-defined]
            self.send_header("Location", elsewhere + self.path.replace("/former", "/shop"))
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def renamed() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Renamed)
    server.asked, server.elsewhere = [], ""  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def host(renamed: ThreadingHTTPServer) -> Iterator[GitHubHost]:
    base_url = f"http://127.0.0.1:{renamed.server_port}"
    host = GitHubHost(load_settings({}, github={"base_url": base_url, "token": "t0ken"}).github)
    yield host
    host.close()


def test_a_read_follows_with_its_query(renamed: Any, host: GitHubHost) -> None:
    assert list(open_pull_requests(host, FORMER)) == []
    assert [path for _, path, _, _ in renamed.asked] == [
        "/repos/acme/former/pulls?per_page=100&state=open",
        "/repos/acme/shop/pulls?per_page=100&state=open",
    ]


def test_a_write_follows_with_its_body(renamed: Any, host: GitHubHost) -> None:
    host.no_check_runs.avoid(60)
    pull = PullRequest(
        repository=FORMER, number=1, base_ref="main", base_sha="a" * 40, head_ref="feature", head_sha="b" * 40
    )
    GitHubPublisher(host, pull).begin(CheckDraft(title="Reading …"))
    (_, _, first, _), (method, path, second, _) = renamed.asked
    assert (method, path) == ("POST", f"/repos/acme/shop/statuses/{'b' * 40}")
    assert first == second
    assert json.loads(second)["context"] == "seawall"


def test_a_redirect_to_another_host_is_refused_and_gets_no_credentials(renamed: Any, host: GitHubHost) -> None:
    renamed.elsewhere = "https://github.example"
    with pytest.raises(Rejected, match=r"redirected to https://github\.example"):
        list(open_pull_requests(host, FORMER))


def test_every_request_names_its_sender_and_the_version_it_speaks(renamed: Any, host: GitHubHost) -> None:
    list(open_pull_requests(host, FORMER))
    headers = renamed.asked[-1][3]
    assert headers["User-Agent"].startswith("seawall/")
    assert headers["X-GitHub-Api-Version"] == "2022-11-28"
    assert headers["Authorization"] == "Bearer t0ken"
