"""Commands from chat systems: proved, kept, and acknowledged at once. What they mean is the worker's business."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from flask import Flask, Response, g, jsonify, request

from bot import metrics
from bot.domain import CommandGiven, Reply
from bot.errors import EngineUnavailable
from bot.logs import logger
from bot.settings import Settings
from bot.transports.registry import chat_systems
from bot.transports.system import ChatSystem, HttpAnswer, NotHeard
from webhooks.deadline import ReadingDeadline
from webhooks.inbox import Inbox

log = logger(__name__)

BODY_LIMIT_BYTES = 1 << 20
"""A pressed button comes with the whole message it stands on; that is far less than this."""
BODY_DEADLINE_S = 2.5
"""Slack gives up after three seconds."""
MOST_WAITING = 4
"""Requests that may wait for their answer at once; with more, the others are told that it follows."""


def take_commands(
    app: Flask,
    settings: Settings,
    inbox: Inbox,
    read_body: Callable[[int], bytes],
    clock: Callable[[], float] = time.time,
) -> None:
    """Adds a route for every path of every chat system. `read_body`: the raw body, up to so many bytes."""
    deadline = ReadingDeadline(BODY_DEADLINE_S)
    waiting = _Waiting(inbox, settings)

    def take(system: ChatSystem, path: str) -> tuple[Response, int]:
        limit = min(BODY_LIMIT_BYTES, settings.web.body_limit_bytes)
        with deadline.over(request.environ.get("gunicorn.socket")) as reading:
            body = read_body(limit)
        if reading.is_late:
            return _refused(system, 408, f"The body did not arrive within {BODY_DEADLINE_S} seconds.")
        try:
            heard = system.hear(path, dict(request.headers.items()), body, settings, clock())
        except NotHeard as turned_away:
            return _refused(system, turned_away.status, str(turned_away))
        if heard.command is None:
            metrics.COMMANDS.labels(system.name, "no command").inc()
            log.info("no command", transport=system.name, reason=heard.because)
            return _response(heard.answer)
        return _response(_keep(system, heard.command, inbox, waiting))

    for system in chat_systems():
        system.prepare(settings)
        for path in system.paths:
            bound_to = {"system": system, "path": path}
            app.add_url_rule(f"/chat/{path}", f"chat {path}", take, defaults=bound_to, methods=["POST"])


def _keep(system: ChatSystem, given: CommandGiven, inbox: Inbox, waiting: "_Waiting") -> HttpAnswer:
    """Returns only when the command is safe, or when the answer says that it was not taken."""
    with waiting.place(system) as wait_s:
        try:
            is_new = inbox.command(given)
        except EngineUnavailable as away:
            log.warning("command not taken", transport=system.name, run=given.run_id, reason=str(away))
            metrics.COMMANDS.labels(system.name, "unavailable").inc()
            return system.postpone(given)
        outcome = "accepted" if is_new else "known"
        log.info("command", transport=system.name, run=given.run_id, answer=outcome)
        metrics.COMMANDS.labels(system.name, outcome).inc()
        reply = waiting.answer(given, wait_s) if is_new and wait_s else None
    return system.acknowledge(given, is_new, reply)


class _Waiting:
    """A few places for requests that wait for their answer: the other threads stay free for deliveries."""

    def __init__(self, inbox: Inbox, settings: Settings) -> None:
        self._inbox = inbox
        self._wait_s = settings.chat.answer_wait_s
        self._places = threading.BoundedSemaphore(max(1, min(MOST_WAITING, settings.web.threads // 2)))

    @contextlib.contextmanager
    def place(self, system: ChatSystem) -> Iterator[float]:
        """How long the request may wait; 0 where this system does not, or no place is free."""
        wait_s = min(self._wait_s, system.longest_wait_s)
        if not wait_s or not self._places.acquire(blocking=False):
            yield 0.0
            return
        try:
            yield wait_s
        finally:
            self._places.release()

    def answer(self, given: CommandGiven, wait_s: float) -> Reply | None:
        try:
            return self._inbox.await_answer(given.id, wait_s)
        except EngineUnavailable as away:  # the command is safe: its answer follows
            log.warning("the answer cannot be awaited", run=given.run_id, reason=str(away))
            return None


def _refused(system: ChatSystem, status: int, line: str) -> tuple[Response, int]:
    metrics.COMMANDS.labels(system.name, f"refused {status}").inc()
    log.warning("command refused", transport=system.name, status=status, reason=line, request_id=g.request_id)
    return jsonify(error=line), status


def _response(answer: HttpAnswer) -> tuple[Response, int]:
    if answer.json is not None:
        return jsonify(answer.json), answer.status
    return Response(answer.text, mimetype="text/plain"), answer.status
