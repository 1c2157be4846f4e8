"""Behind a proxy, and with an authority of one's own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.domain import Repository
from bot.errors import HostUnavailable
from bot.github import GitHubHost, fetch_pull_request
from bot.settings import load_settings

SHOP = Repository(id=1, owner="acme", name="shop")


class _Proxy(ThreadingHTTPServer):
    asked: list[str]


@pytest.fixture
def proxy() -> Iterator[_Proxy]:
    """Says 404 to everything, and remembers what it was asked for."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert isinstance(self.server, _Proxy)
            self.server.asked.append(self.path)
            self.send_error(502)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = _Proxy(("127.0.0.1", 0), Answer)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)


def ask(base_url: str) -> None:
    settings = load_settings({}, github={"base_url": base_url, "token": "t", "attempts": 1, "timeout_s": 2}).github
    with pytest.raises(HostUnavailable):
        fetch_pull_request(GitHubHost(settings), SHOP, 1)


def test_requests_go_through_the_proxy_of_the_environment(proxy: _Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    ask("http://github.example.test")
    (asked,) = set(proxy.asked)
    assert asked.replace(":80/", "/") == "http://github.example.test/repos/acme/shop/pulls/1"


def test_a_host_named_in_no_proxy_is_asked_directly(proxy: _Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    ask(f"http://127.0.0.1:{proxy.server_port}")
    assert proxy.asked == ["/repos/acme/shop/pulls/1"]


def test_an_authority_of_the_environment_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/company.pem")
    settings = load_settings({}, github={"base_url": "https://github.example.test", "token": "t", "attempts": 1}).github
    with pytest.raises(HostUnavailable, match=r"company\.pem|CA"):
        fetch_pull_request(GitHubHost(settings), SHOP, 1)
