"""An OpenAI-compatible model on loopback that reads the code it is shown and answers about one line of it."""

import hashlib
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PLANTED = re.compile(r"^\s*(\d+) \+ (.*STOCK\[.*)$", re.MULTILINE)
_CLAIM = re.compile(r"^(\d+)\. .+, lines \d+ to \d+, ", re.MULTILINE)
_IS_DOUBT = '{"doubts": '
_FILE = re.compile(r"^### (\S+)", re.MULTILINE)
_NONCE = re.compile(r"\b[0-9a-f]{16}\b")

Trouble = Callable[[BaseHTTPRequestHandler], bool]
"""Answers in place of the model; True where it has."""


class SmallModel:
    """Finds the line that writes `STOCK[...]`. `delay_s` before each answer; `finished` counts answers by question,
    `spans` says when each call began and ended."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self.delay_s = delay_s
        self.asked = 0
        self.finished: Counter[str] = Counter()
        self.spans: list[tuple[float, float]] = []
        self.trouble: list[Trouble] = []
        self.before_answer: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model._answer(self, body)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, to: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        text = "\n".join(str(message["content"]) for message in body["messages"])
        question = hashlib.sha256(_NONCE.sub("", text).encode()).hexdigest()
        with self._lock:
            self.asked += 1
            trouble = self.trouble.pop(0) if self.trouble else None
        try:
            if trouble and trouble(to):
                return
            began = time.monotonic()
            time.sleep(self.delay_s)
            self.before_answer()
            send(to, 200, completion(_defended(text) if _IS_DOUBT in text else _findings(text)))
            with self._lock:
                self.finished[question] += 1
                self.spans.append((began, time.monotonic()))
        except (BrokenPipeError, ConnectionResetError):
            to.close_connection = True


def refuses(status: int, **headers: str) -> Trouble:
    """Such as `refuses(429, retry_after="1")`."""

    def trouble(to: BaseHTTPRequestHandler) -> bool:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        send(to, status, {"error": {"message": "trouble on request", "type": "test"}}, named)
        return True

    return trouble


def babbles(to: BaseHTTPRequestHandler) -> bool:
    """Says something that is no answer."""
    send(to, 200, completion("I am so sorry, as a model I love your code! {{{"))
    return True


def send(to: BaseHTTPRequestHandler, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
    raw = json.dumps(answer).encode()
    to.send_response(status)
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        to.send_header(name, value)
    to.send_header("Content-Length", str(len(raw)))
    to.end_headers()
    to.wfile.write(raw)


def completion(content: str) -> dict[str, Any]:
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "small", "choices": [choice], "usage": usage}


def _defended(text: str) -> str:
    """Says of every claim that it stands, on the line that was planted."""
    line = _PLANTED.search(text)
    doubts = [
        {
            "number": int(number),
            "why_not": "",
            "failure": "Two orders at once read the same stock and the later write wins.",
            "path": "",
            "quote": line[2] if line else "",
            "stands": True,
            "severity": "medium",
            "confidence": 0.9,
        }
        for number in _CLAIM.findall(text)
    ]
    return json.dumps({"doubts": doubts})


def _findings(text: str) -> str:
    code = text[text.rfind("The code.") :]
    found = []
    if (line := _PLANTED.search(code)) and (files := _FILE.findall(code[: line.start()])):
        found.append(
            {
                "quote": line[2],
                "path": files[-1],
                "start_line": int(line[1]),
                "end_line": int(line[1]),
                "class": "correctness",
                "kind": "other",
                "severity": "medium",
                "confidence": 0.9,
                "title": "Stock is overwritten by concurrent orders",
                "body": "Two orders at once read the same stock and the later write wins. Take the lock first.",
                "replacement": None,
            }
        )
    return json.dumps({"findings": found})
