"""An OpenAI-compatible endpoint on loopback that answers by a script, and a gateway that talks to it."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.domain import ModelCall, Occasion
from bot.llm import Gateway, MemoryAccount
from bot.llm.prompts import Prompt, parse_prompt
from bot.settings import load_settings

FINDING = {
    "quote": "requests.get(url)",
    "path": "app.py",
    "start_line": 3,
    "end_line": 3,
    "class": "missing-timeout",
    "kind": "http-or-socket-call",
    "severity": "high",
    "confidence": 0.9,
    "title": "The call can wait for ever",
    "body": "When the peer hangs, so do we. Pass a timeout.",
    "replacement": None,
}
PROMPT = """+++
purpose = "A short prompt for tests"
version = "1"
[reply]
schema = "findings"
most_findings = 5
quote_chars = 600
body_chars = 1200
[inputs]
trusted = ["classes"]
prose = ["title"]
code = ["code"]
+++
# Instructions
Name the defects. Classes: {{ classes }}
# Question
Data lines carry {{ nonce }}.
{{ title }}
{{ code }}
"""
INPUTS = {"classes": "missing-timeout", "title": "Fetch the page", "code": "3 + requests.get(url)"}

Step = Callable[["BaseHTTPRequestHandler", dict[str, Any]], None]


def send(to: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    raw = body.encode()
    to.send_response(status)
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        to.send_header(name, value)
    to.send_header("Content-Length", str(len(raw)))
    to.end_headers()
    to.wfile.write(raw)


def completion(message: dict[str, Any], finish: str = "stop", usage: tuple[int, int, int] = (100, 20, 40)) -> str:
    sent, got, cached = usage
    return json.dumps(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}],
            "usage": {
                "prompt_tokens": sent,
                "completion_tokens": got,
                "total_tokens": sent + got,
                "prompt_tokens_details": {"cached_tokens": cached},
            },
        }
    )


class Endpoint:
    """Plays its steps one request each; the last one goes on for ever."""

    def __init__(self) -> None:
        self.steps: list[Step] = [self.answers([FINDING])]
        self.requests: list[dict[str, Any]] = []
        self.bytes: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.times: list[float] = []
        self.released = threading.Event()
        self._lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                body = json.loads(raw)
                with endpoint._lock:
                    endpoint.bytes.append(raw)
                    endpoint.requests.append(body)
                    endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
                    endpoint.paths.append(self.path)
                    endpoint.times.append(time.monotonic())
                    step = endpoint.steps.pop(0) if len(endpoint.steps) > 1 else endpoint.steps[0]
                try:
                    step(self, body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def plays(self, *steps: Step) -> None:
        self.steps = list(steps)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def answers(self, findings: list[Any], **options: Any) -> Step:
        return self.says(json.dumps({"findings": findings}), **options)

    def says(self, text: str, finish: str = "stop", headers: dict[str, str] | None = None, **options: Any) -> Step:
        """Gives the text as the message, or as a tool's arguments where the request forces one."""

        def step(to: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
            message: dict[str, Any] = {"content": text}
            if tools := body.get("tools"):
                call = {"name": tools[0]["function"]["name"], "arguments": text}
                message = {"content": None, "tool_calls": [{"id": "t1", "type": "function", "function": call}]}
            send(to, 200, completion(message, finish, **options), headers)

        return step

    def fails(self, status: int, message: str = "no", code: str | None = None, **headers: str) -> Step:
        document = json.dumps({"error": {"message": message, "code": code, "type": "x"}})
        return lambda to, body: send(to, status, document, {k.replace("_", "-"): v for k, v in headers.items()})

    def sends(self, text: str) -> Step:
        return lambda to, body: send(to, 200, text)

    def refuses(self, reason: str) -> Step:
        return lambda to, body: send(to, 200, completion({"content": None, "refusal": reason}))

    def hangs(self) -> Step:
        def step(to: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
            self.released.wait(30)
            to.close_connection = True

        return step

    def dribbles(self, pause_s: float) -> Step:
        """A blank now and then, as some endpoints do to keep the line open; the answer never comes."""

        def step(to: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
            to.send_response(200)
            to.send_header("Content-Type", "application/json")
            to.send_header("Content-Length", "100000")
            to.end_headers()
            while not self.released.wait(pause_s):
                to.wfile.write(b" ")
                to.wfile.flush()

        return step


class Clock:
    """Runs with the real one, and jumps when told, or when somebody sleeps by it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Told:
    """An account that notes each call before it is booked."""

    def __init__(self, account: Any, calls: list[ModelCall]) -> None:
        self._account = account
        self._calls = calls
        self.spending = account.spending
        self.reserve = account.reserve

    def keep(self, call: ModelCall, occasion: Occasion) -> None:
        self._calls.append(call)
        self._account.keep(call, occasion)


class Bench:
    """Builds gateways on the scripted endpoint and keeps what they record."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.calls: list[ModelCall] = []
        self.clock = Clock()
        self.slept: list[float] = []
        self._gateways: list[Gateway] = []

    def gateway(
        self,
        account: Any = None,
        prompt: Prompt | None = None,
        record: Any = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        is_shipped: bool = False,
        **llm: Any,
    ) -> Gateway:
        """`is_shipped`: with the prompts that are shipped, not a short one."""
        settings = load_settings(
            {}, llm={"model": "openai:scripted", "base_url": self.endpoint.url, "api_key": "test-key", **llm}
        ).llm
        gateway = Gateway(
            settings,
            Told(account or MemoryAccount(lambda: datetime.now(UTC)), self.calls),
            self.clock,
            self.sleeps,
            now=now,
            prompt=None if is_shipped else prompt or parse_prompt("short", PROMPT),
            record=record,
        )
        self._gateways.append(gateway)
        return gateway

    def sleeps(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.ahead += seconds

    def close(self) -> None:
        for gateway in self._gateways:
            gateway.close()


@pytest.fixture(scope="session", autouse=True)
def _one_set_of_certificates() -> Iterator[None]:
    """Reading them for each client takes longer than the rest of a test; nothing here is encrypted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture
def bench(endpoint: Endpoint) -> Iterator[Bench]:
    bench = Bench(endpoint)
    yield bench
    bench.close()


@pytest.fixture
def inputs() -> dict[str, str]:
    return dict(INPUTS)


@pytest.fixture
def finding() -> dict[str, Any]:
    return dict(FINDING)
