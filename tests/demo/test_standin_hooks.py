"""Webhooks: signed, sent once, remembered, valid by GitHub's description."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import github
import jsonschema_rs
import pytest

from bot.demo.standin import HookTarget, PullRequest, Repository, StandIn
from bot.demo.standin.hooks import signature

if TYPE_CHECKING:
    from tests.demo.conftest import Git

SECRET = "it is what it is"


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 202
        self.got: list[tuple[dict[str, str], bytes]] = []

    def events(self, number: int) -> list[tuple[str, str]]:
        """Event and action of the first so many deliveries, once they are in."""
        until(lambda: len(self.got) >= number)
        return [(headers["x-github-event"], json.loads(body).get("action", "")) for headers, body in self.got]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"noted")

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    threading.Thread(target=receiver.serve_forever, args=(0.02,), daemon=True).start()
    yield receiver
    receiver.shutdown()
    receiver.server_close()


@pytest.fixture
def host(receiver: Receiver) -> Iterator[StandIn]:
    with StandIn(hook=HookTarget(f"http://127.0.0.1:{receiver.server_port}/webhooks/github", SECRET)) as host:
        yield host


@pytest.fixture(scope="module")
def valid() -> Callable[[str, bytes], None]:
    """Raises where a payload does not fit GitHub's description of its event."""
    described = json.loads((Path(__file__).parent.parent / "contract" / "github-webhooks.json").read_text())

    def check(event: str, body: bytes) -> None:
        payload = json.loads(body)
        name = f"{event}${payload['action']}" if "action" in payload else f"{event}$event"
        schema = {"definitions": described["definitions"], "allOf": [described["definitions"][name]]}
        faults = jsonschema_rs.Draft7Validator(schema).iter_errors(payload)
        assert not [f"{name} {'/'.join(map(str, one.instance_path))}: {one.message[-200:]}" for one in faults]

    return check


def test_what_people_do_is_announced_and_every_payload_is_valid(
    host: StandIn, shop: Repository, git: Git, receiver: Receiver, valid: Callable[[str, bytes], None]
) -> None:
    pull = host.open_pull_request(shop, "main", "feature", "Add", "Why", labels=["risky"], is_draft=True)
    receiver.events(1)
    deeds: list[Callable[[], None]] = [
        lambda: host.mark_ready(shop, pull),
        lambda: host.push(shop, pull, git.commit("More")),
        lambda: host.edit(shop, pull, title="Add more"),
        lambda: host.retarget(shop, pull, "main~0"),
        lambda: host.convert_to_draft(shop, pull),
        lambda: host.close_pull_request(shop, pull),
        lambda: host.reopen(shop, pull),
        lambda: host.close_pull_request(shop, pull, merged_by="robin"),
        lambda: host.queue_merge(shop, "main", pull.head_sha, pull),
    ]
    for number, deed in enumerate(deeds, start=2):
        deed()
        receiver.events(number)
    host.ping()
    assert receiver.events(11) == [
        ("pull_request", "opened"),
        ("pull_request", "ready_for_review"),
        ("pull_request", "synchronize"),
        ("pull_request", "edited"),
        ("pull_request", "edited"),
        ("pull_request", "converted_to_draft"),
        ("pull_request", "closed"),
        ("pull_request", "reopened"),
        ("pull_request", "closed"),
        ("merge_group", "checks_requested"),
        ("ping", ""),
    ]
    for headers, body in receiver.got:
        valid(headers["x-github-event"], body)
    push = json.loads(receiver.got[2][1])
    assert (push["before"] != push["after"], push["after"]) == (True, push["pull_request"]["head"]["sha"])
    assert json.loads(receiver.got[3][1])["changes"] == {"title": {"from": "Add"}}
    assert json.loads(receiver.got[4][1])["changes"]["base"]["ref"] == {"from": "main"}


def test_a_check_is_asked_for_again(
    shop: Repository,
    pull: PullRequest,
    host: StandIn,
    as_app: github.Github,
    receiver: Receiver,
    valid: Callable[[str, bytes], None],
) -> None:
    check = as_app.get_repo("acme/shop").create_check_run("Seawall", pull.head_sha, conclusion="neutral")
    host.rerequest_check(shop, check.id)
    assert receiver.events(2)[1] == ("check_run", "rerequested")
    valid("check_run", receiver.got[1][1])
    asked = json.loads(receiver.got[1][1])
    assert asked["check_run"]["pull_requests"][0]["number"] == pull.number


def test_a_delivery_is_signed_over_its_exact_bytes(host: StandIn, pull: PullRequest, receiver: Receiver) -> None:
    receiver.events(1)
    headers, body = receiver.got[0]
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={expected}"
    assert headers["content-type"] == "application/json"


def test_signatures_are_github_s() -> None:
    """The example of https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries"""
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signature("It's a Secret to Everybody", b"Hello, World!") == expected


def test_without_a_secret_nothing_is_signed(host: StandIn, shop: Repository, receiver: Receiver) -> None:
    host.courier.target = HookTarget(f"http://127.0.0.1:{receiver.server_port}/")
    host.ping()
    assert "x-hub-signature-256" not in receiver.got[0][0]


def test_a_failed_delivery_is_remembered_and_not_repeated_until_asked_for(
    host: StandIn, shop: Repository, pull: PullRequest, receiver: Receiver
) -> None:
    receiver.events(1)
    receiver.status = 503
    payload = host.payload("opened", shop, pull)
    failed = host.deliver("pull_request", payload, guid="0b989ba4-242f-11e5-81e1-c7b6966d2516")
    assert (failed.status, failed.status_code, failed.is_delivered) == ("Invalid HTTP Response: 503", 503, False)
    receiver.status = 202
    app = github.Github(auth=github.Auth.AppAuth(host.app.id, host.app.private_key), base_url=host.base_url, retry=None)
    _, listed = app.requester.requestJsonAndCheck("GET", "/app/hook/deliveries")
    assert [(one["guid"] == failed.guid, one["status_code"]) for one in listed] == [(True, 503), (False, 202)]
    assert len(receiver.got) == 2
    app.requester.requestJsonAndCheck("POST", f"/app/hook/deliveries/{failed.id}/attempts")
    assert receiver.events(3)[2] == ("pull_request", "opened")
    assert receiver.got[2][1] == receiver.got[1][1]
    assert receiver.got[2][0]["x-github-delivery"] == failed.guid
    until(lambda: len(host.courier.deliveries()) == 3)
    _, again = app.requester.requestJsonAndCheck("GET", f"/app/hook/deliveries/{host.courier.deliveries()[0].id}")
    assert (again["guid"], again["redelivery"], again["status_code"]) == (failed.guid, True, 202)
    assert again["request"]["payload"]["number"] == pull.number


def test_the_app_sees_where_its_webhooks_go_but_not_their_secret(host: StandIn, receiver: Receiver) -> None:
    app = github.Github(auth=github.Auth.AppAuth(host.app.id, host.app.private_key), base_url=host.base_url, retry=None)
    _, config = app.requester.requestJsonAndCheck("GET", "/app/hook/config")
    assert config["url"] == f"http://127.0.0.1:{receiver.server_port}/webhooks/github"
    assert config["secret"] == "********"


def test_deliveries_are_listed_newest_first_by_cursor(host: StandIn, shop: Repository, receiver: Receiver) -> None:
    sent = [host.ping().id for _ in range(5)]
    app = github.Github(auth=github.Auth.AppAuth(host.app.id, host.app.private_key), base_url=host.base_url, retry=None)
    headers, first = app.requester.requestJsonAndCheck("GET", "/app/hook/deliveries?per_page=3")
    following = headers["link"].split(";")[0].strip("<>")
    headers, rest = app.requester.requestJsonAndCheck("GET", following)
    assert [one["id"] for one in first + rest] == sent[::-1]
    assert "link" not in headers


def test_a_receiver_that_is_not_there_fails_the_delivery(host: StandIn, shop: Repository) -> None:
    host.courier.target = HookTarget("http://127.0.0.1:9/", SECRET)
    assert (host.ping().status, host.courier.deliveries()[0].status_code) == ("failed to connect to host", 502)


def test_a_receiver_that_does_not_answer_in_time_fails_the_delivery(
    host: StandIn, shop: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.standin.courier.TIMEOUT_S", 0.1)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as silent:  # accepts, and says nothing
        host.courier.target = HookTarget(f"http://127.0.0.1:{silent.server_port}/", SECRET)
        assert (host.ping().status, host.courier.deliveries()[0].status_code) == ("timed out", 504)


def until(happened: Callable[[], bool], within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
