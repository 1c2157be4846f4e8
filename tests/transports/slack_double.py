"""Slack as far as messages go, on loopback: it takes and refuses as Slack documents, and remembers who was called."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "xoxb-1-the-bot"
_CALLS = re.compile(r"<([!@#][^>]*)>")
_ANGLED = re.compile(r"<([^>]*)>")


class Refused(Exception):
    """Slack's word for what is wrong."""


class SlackDouble:
    """`posted`: (method, body) in order. `called`: mentions that Slack would have acted on."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.called: list[str] = []
        self.limited = 0
        self.retry_after = "1"
        self.refuses_with = ""
        self.scopes = "app_mentions:read,chat:write,commands,files:write,im:history"
        self.takes_files = True
        self.files: dict[str, dict[str, Any]] = {}
        """By id: what was asked for (`filename`, `length`, `alt_txt`), the `bytes` that came, where it is `shown`."""
        self._answered: dict[str, int] = {}

    @property
    def base_url(self) -> str:
        return f"{self.address}/api/"

    def response_url(self, name: str = "T1/1/abc", left: int = 5) -> str:
        self._answered[f"/commands/{name}"] = 5 - left
        return f"{self.address}/commands/{name}"

    def answer(self, path: str, headers: Any, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
        if self.limited:
            self.limited -= 1
            return 429, {"Retry-After": self.retry_after}, '{"ok": false, "error": "ratelimited"}'
        try:
            if path.startswith("/api/"):
                return 200, {"x-oauth-scopes": self.scopes}, json.dumps(self._method(path[5:], headers, body))
            return self._respond(path, body)
        except Refused as refused:
            error = str(refused)
            is_method = path.startswith("/api/")
            return (200, {}, json.dumps({"ok": False, "error": error})) if is_method else (400, {}, error)

    def _method(self, name: str, headers: Any, body: dict[str, Any]) -> dict[str, Any]:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused("invalid_auth")
        if self.refuses_with:
            raise Refused(self.refuses_with)
        if name == "auth.test":
            return {"ok": True, "user": "seawall", "team": "Acme"}
        if name.startswith("files."):
            return self._file(name, body)
        if name not in ("chat.postMessage", "chat.postEphemeral"):
            raise Refused("unknown_method")
        if not body.get("channel"):
            raise Refused("channel_not_found")
        if name == "chat.postEphemeral" and not body.get("user"):
            raise Refused("user_not_found")
        self._check(body)
        self.posted.append((name, body))
        return {"ok": True, "channel": body["channel"], "ts": f"1700000000.{len(self.posted):06}"}

    def _file(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if not self.takes_files:
            raise Refused("missing_scope")
        if name == "files.getUploadURLExternal":
            if not body.get("filename") or not int(body.get("length", 0)):
                raise Refused("invalid_arguments")
            id = f"F{len(self.files) + 1}"
            self.files[id] = {**body, "bytes": b"", "shown": None}
            return {"ok": True, "file_id": id, "upload_url": f"{self.address}/upload/v1/{id}"}
        if name != "files.completeUploadExternal":
            raise Refused("unknown_method")
        for file in json.loads(body["files"]):
            if len(self.files.get(file["id"], {}).get("bytes", b"")) != int(self.files[file["id"]]["length"]):
                raise Refused("file_not_found")
            self.files[file["id"]] |= {
                "title": file["title"],
                "shown": (body.get("channel_id"), body.get("thread_ts")),
            }
        return {"ok": True, "files": []}

    def take_bytes(self, path: str, raw: bytes) -> tuple[int, dict[str, str], str]:
        """At the address of an upload."""
        self.files[path.rpartition("/")[2]]["bytes"] = raw
        return 200, {}, f"OK - {len(raw)}"

    def _respond(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
        if self._answered.get(path, 5) >= 5:
            return 404, {}, "used_url"
        if body.get("response_type") not in ("ephemeral", "in_channel"):
            raise Refused("invalid_payload")
        self._check(body)
        self._answered[path] += 1
        self.posted.append((body["response_type"], body))
        return 200, {}, "ok"

    def _check(self, body: dict[str, Any]) -> None:
        if not body.get("text"):
            raise Refused("no_text")
        if len(body["text"]) > 40_000:
            raise Refused("msg_too_long")
        self._hear(body["text"])
        blocks = body.get("blocks", [])
        if len(blocks) > 50:
            raise Refused("invalid_blocks")
        for block in blocks:
            check = getattr(self, f"_check_{block['type']}", None)
            if check is None:
                raise Refused("invalid_blocks")
            check(block)

    def _check_header(self, block: dict[str, Any]) -> None:
        self._text(block["text"], 150, "plain_text")

    def _check_divider(self, block: dict[str, Any]) -> None:
        if block.keys() - {"type", "block_id"}:
            raise Refused("invalid_blocks")

    def _check_section(self, block: dict[str, Any]) -> None:
        if "text" not in block and not block.get("fields"):
            raise Refused("invalid_blocks")
        if "text" in block:
            self._text(block["text"], 3000)
        if len(block.get("fields", [])) > 10:
            raise Refused("invalid_blocks")
        for field in block.get("fields", []):
            self._text(field, 2000)

    def _check_context(self, block: dict[str, Any]) -> None:
        if not 1 <= len(block["elements"]) <= 10:
            raise Refused("invalid_blocks")
        for element in block["elements"]:
            self._text(element, 3000)

    def _check_actions(self, block: dict[str, Any]) -> None:
        elements = block["elements"]
        if not 1 <= len(elements) <= 25 or len({each["action_id"] for each in elements}) != len(elements):
            raise Refused("invalid_blocks")
        for element in elements:
            self._text(element["text"], 75, "plain_text")
            url, value = element.get("url", "https://a.b"), element.get("value", "x")
            is_known = element["type"] == "button" and element.get("style", "danger") in ("danger", "primary")
            if not is_known or not 1 <= len(value) <= 2000 or len(url) > 3000 or not re.match(r"https?://\S+$", url):
                raise Refused("invalid_blocks")
            if confirm := element.get("confirm"):
                for part, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                    self._text(confirm[part], limit, "plain_text")

    def _text(self, text: dict[str, Any], limit: int, kind: str = "") -> None:
        wanted = (kind,) if kind else ("plain_text", "mrkdwn")
        if text["type"] not in wanted or not 1 <= len(text["text"]) <= limit:
            raise Refused("invalid_blocks")
        if text["type"] == "mrkdwn":
            self._hear(text["text"])
            if text.get("verbatim") is not True:
                self.called += re.findall(r"@(?:channel|here|everyone)\b", text["text"])

    def _hear(self, text: str) -> None:
        self.called += _CALLS.findall(text)
        self.called += [link for link in _ANGLED.findall(text) if not re.match(r"https?://[^|]+\|[^|]", link)]


@contextmanager
def slack() -> Iterator[SlackDouble]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/upload/"):
                status, headers, text = double.take_bytes(self.path, raw)
            else:
                body = json.loads(raw) if raw.startswith(b"{") else dict(parse_qsl(raw.decode()))
                status, headers, text = double.answer(self.path, self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            content = text.encode()
            self.send_header("Content-Type", "application/json" if text.startswith("{") else "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double = SlackDouble(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
