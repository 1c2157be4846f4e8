"""Between the socket and the application: faults strike here, and every request is noted."""

import json
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.test import run_wsgi_app

from bot.demo.standin.courier import Courier
from bot.demo.standin.faults import (
    Broken,
    ConnectionReset,
    Effect,
    Faults,
    PrimaryLimit,
    SecondaryLimit,
    ServerError,
)
from bot.demo.standin.journal import Asked, Journal
from bot.demo.standin.refusals import Refusal
from bot.demo.standin.routes.asking import LARGEST_BODY
from bot.demo.standin.world import World

GHES_ROOT = "/api/v3"
_Head = tuple[int, list[tuple[str, str]], bytes]


class Wire:
    """A WSGI application around the host. `sleep` waits for latencies."""

    def __init__(
        self,
        host: WSGIApplication,
        world: World,
        courier: Courier,
        faults: Faults,
        journal: Journal,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._host = host
        self._state = {"standin.world": world, "standin.courier": courier}
        self._faults = faults
        self._journal = journal
        self._clock = world.clock
        self._sleep = sleep

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        _mount(environ)
        began, at = time.monotonic(), self._clock()
        method, path = str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"])
        notes: dict[str, str] = {"request_id": uuid.uuid4().hex[:16].upper()}
        environ.update(self._state | {"standin.notes": notes})
        wait_s, effect = self._faults.take(method, path)
        if wait_s:
            self._sleep(wait_s)
        if _lets_through(effect):
            answered = _ask(self._host, environ)
        else:
            answered = None
            _drain(environ)
        status, headers, body = _told(effect, answered, at)
        self._journal.note(
            Asked(
                at=at,
                method=method,
                path=path,
                template=notes.get("template", path),
                status=answered[0] if answered else status,
                duration_s=time.monotonic() - began,
                login=notes.get("login", ""),
                fault=type(effect).__name__ if effect else "",
            )
        )
        if isinstance(effect, ConnectionReset):
            environ["standin.connection"].reset()
        if isinstance(effect, Broken) and effect.how == "truncated":
            environ["standin.connection"].cut_short()
        start_response(f"{status} {_reason(status)}", headers)
        return [body]


def _mount(environ: WSGIEnvironment) -> None:
    """GitHub Enterprise Server serves REST under /api/v3 and GraphQL under /api/graphql."""
    path = environ["PATH_INFO"]
    if path.startswith(f"{GHES_ROOT}/") or path == GHES_ROOT:
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = GHES_ROOT, path[len(GHES_ROOT) :]
    elif path == "/api/graphql":
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = "/api", "/graphql"


def _drain(environ: WSGIEnvironment) -> None:
    """Reads what was sent: closing on unread bytes would reset the connection and take the answer with it."""
    environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST_BODY))


def _ask(host: WSGIApplication, environ: WSGIEnvironment) -> _Head:
    chunks, status, headers = run_wsgi_app(host, environ, buffered=True)
    return int(status.split(" ", 1)[0]), list(headers), b"".join(chunks)


def _lets_through(effect: Effect | None) -> bool:
    if isinstance(effect, (ServerError, ConnectionReset)):
        return effect.after_write
    return not isinstance(effect, (SecondaryLimit, PrimaryLimit))


def _told(effect: Effect | None, answered: _Head | None, at: datetime) -> _Head:
    """What the caller gets to see."""
    if isinstance(effect, ServerError):
        page = b"<html><body><h1>Whoa there!</h1><p>Unicorns have taken over this page.</p></body></html>"
        return effect.status, [("Content-Type", "text/html"), ("Content-Length", str(len(page)))], page
    if isinstance(effect, SecondaryLimit):
        told = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        after = [("Retry-After", str(effect.retry_after_s))] if effect.retry_after_s is not None else []
        return _refusal(effect.status, told, after)
    if isinstance(effect, PrimaryLimit):
        limits: dict[str, Any] = {"Limit": 5000, "Remaining": 0, "Used": 5000, "Resource": "core"}
        limits["Reset"] = int(at.timestamp()) + effect.resets_in_s
        headers = [(f"X-RateLimit-{name}", str(value)) for name, value in limits.items()]
        return _refusal(403, "API rate limit exceeded for installation.", headers)
    if isinstance(effect, Broken):
        return _broken(effect, answered)
    return answered or (0, [], b"")


def _broken(effect: Broken, answered: _Head | None) -> _Head:
    status, headers, body = answered or (200, [], b"")
    if effect.how == "truncated":  # the length promised is that of the whole body
        return status, headers, body[: len(body) // 2]
    garbage = b"<!DOCTYPE html><title>Proxy</title>{not json"
    return 200, [("Content-Type", "application/json"), ("Content-Length", str(len(garbage)))], garbage


def _refusal(status: int, message: str, headers: list[tuple[str, str]]) -> _Head:
    body = json.dumps(Refusal(status, message).body()).encode()
    fixed = [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(body)))]
    return status, fixed + headers, body


def _reason(status: int) -> str:
    return {200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified", 404: "Not Found"}.get(status, "Status")
