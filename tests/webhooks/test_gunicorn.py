"""The edge behind the real web server: bodies in chunks, bodies too large, senders too slow."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.webhooks.edge import GUID, SECRET, signed
from tests.webhooks.payloads import pull_request

ROOT = Path(__file__).parents[2]
LIMIT = 60_000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "kept"


@pytest.fixture(scope="module")
def port(kept: Path) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEAWALL_")} | {
        "SEAWALL_DATA_DIR": str(kept.parent),
        "SEAWALL_GITHUB__WEBHOOK_SECRET": SECRET,
        "SEAWALL_WEB__BODY_LIMIT_BYTES": str(LIMIT),
    }
    command = [sys.executable, "-m", "gunicorn", "--worker-class=bot.engine.connections.PromptWorker"]
    command += ["--workers=1", "--threads=4", "--no-control-socket", f"--bind=fd://{listening.fileno()}"]
    command += ["tests.webhooks.wsgi:application"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[listening.fileno()]) as server:
        try:
            yield listening.getsockname()[1]
        finally:
            server.terminate()
            server.wait(timeout=60)
            listening.close()


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/webhooks/github"


def test_a_delivery_is_taken(port: int, kept: Path) -> None:
    body = json.dumps(pull_request("opened")).encode()
    answer = requests.post(url(port), body, headers=signed(body), timeout=60)
    assert (answer.status_code, answer.json()["jobs"]) == (202, 2)
    assert GUID in kept.read_text().splitlines()


def test_a_body_in_chunks_is_taken_and_its_limit_holds(port: int, kept: Path) -> None:
    body = json.dumps(pull_request("opened")).encode()
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    assert requests.post(url(port), iter(pieces), headers=signed(body, guid="in-chunks"), timeout=60).status_code == 202
    assert "in-chunks" in kept.read_text().splitlines()
    whole = b" " * LIMIT
    assert requests.post(url(port), iter([whole]), headers=signed(whole), timeout=60).status_code == 400
    large = [b" " * 10_000] * 9
    answer = requests.post(url(port), iter(large), headers=signed(b"".join(large), guid="too-large"), timeout=60)
    assert answer.status_code == 413
    assert "too-large" not in kept.read_text()


def test_a_large_body_is_refused_before_it_is_sent(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sender:
        sender.sendall(f"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: {LIMIT + 1}\r\n\r\n".encode())
        assert b" 413 " in sender.recv(4096)


def test_broken_chunks_are_the_senders_fault(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sender:
        sender.sendall(
            b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"
        )
        assert b" 40" in sender.recv(4096)[:20]


def test_a_sender_that_dawdles_is_cut_off_and_others_are_served_meanwhile(port: int) -> None:
    body = json.dumps(pull_request("opened")).encode()
    slow = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(4)]
    began = time.monotonic()
    for sender in slow:
        sender.sendall(b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    for _ in range(20):  # a byte now and then keeps no connection alive
        time.sleep(0.1)
        for sender in slow:
            try:
                sender.sendall(b" ")
            except OSError:
                continue
    for sender in slow:
        with contextlib.suppress(ConnectionResetError):  # the server may close with our late bytes unread
            assert b" 408 " in sender.recv(4096)
        sender.close()
    assert requests.post(url(port), body, headers=signed(body, guid="after-all"), timeout=60).status_code == 202
    assert time.monotonic() - began < 30


def test_senders_that_do_not_hang_up_hold_nobody_up(port: int) -> None:
    body = json.dumps(pull_request("opened")).encode()
    lines = signed(body, guid="hangs-on") | {"Host": "x", "Content-Length": str(len(body)), "Connection": "close"}
    head = "POST /webhooks/github HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    took_s = []
    with contextlib.ExitStack() as open_still:
        for _ in range(12):
            began = time.monotonic()
            sender = open_still.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            sender.sendall(head.encode() + b"\r\n" + body)
            assert b" 202 " in sender.recv(4096)
            took_s.append(time.monotonic() - began)
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=60).raise_for_status()
    assert sorted(took_s)[4] < 1.5, "where the server waits for the one before, almost each costs two seconds"


def test_an_answer_to_a_body_that_was_not_read_arrives_whole(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sender:
        sender.sendall(f"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: {LIMIT * 4}\r\n".encode())
        sender.sendall(b"Connection: close\r\n\r\n" + b" " * 30_000)
        answer = b""
        while piece := sender.recv(4096):
            answer += piece
    assert b" 413 " in answer
    assert answer.endswith(b"}\n")


def test_it_reports_how_it_is(port: int) -> None:
    ready = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=60)
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert "seawall_deliveries_total" in requests.get(f"http://127.0.0.1:{port}/metrics", timeout=60).text
