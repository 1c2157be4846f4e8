"""The web application: routes, and what every answer carries."""

import re
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, jsonify, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from bot import metrics
from bot.dashboard.error_pages import ErrorPages
from bot.dashboard.mounting import mount
from bot.domain import Delivery
from bot.errors import EngineUnavailable
from bot.logs import bound, logger
from bot.settings import Settings, load_settings
from webhooks.chat import take_commands
from webhooks.deadline import ReadingDeadline
from webhooks.events import BEHAVIOURS
from webhooks.front_page import front_page
from webhooks.inbox import Inbox, engine_inbox
from webhooks.intake import read_delivery, refuse_without_secret
from webhooks.large_bodies import FewAtOnce
from webhooks.readiness import note_backlog, note_limits, readiness
from webhooks.refusal import Refusal

log = logger(__name__)

WEBHOOK_PATH = "/webhooks/github"
BODY_DEADLINE_S = 10.0
"""GitHub itself gives up after 10 seconds."""
RETRY_AFTER_S = 5
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)


def create_app(
    settings: Settings | None = None,
    client: Inbox | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Flask:
    """The application. Without `client` deliveries go to the engine of the settings.

    Raises errors.SettingsError when `settings` are to be loaded and cannot.
    """
    settings = settings or load_settings()
    if client is None:
        client = engine_inbox(settings)
        client.warm_up()
    app = Flask("seawall", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.web.body_limit_bytes + 1
    _dress_answers(app, mount(app, settings, client, _front, now) if settings.dashboard.enabled else None)
    if not settings.dashboard.enabled:
        app.get("/")(_front)
    _take_deliveries(app, settings, client)
    take_commands(app, settings, client, _body)
    _tell_the_state(app, settings, client, now)
    return app


def _take_deliveries(app: Flask, settings: Settings, inbox: Inbox) -> None:
    deadline, large = ReadingDeadline(BODY_DEADLINE_S), FewAtOnce()

    @app.post(WEBHOOK_PATH)
    def github() -> tuple[Response, int]:
        refuse_without_secret(settings)
        with large.room(request.content_length):
            return take()

    def take() -> tuple[Response, int]:
        with deadline.over(request.environ.get("gunicorn.socket")) as reading:
            body = _body(settings.web.body_limit_bytes)
        if reading.is_late:
            raise Refusal(408, f"The body did not arrive within {BODY_DEADLINE_S:.0f} seconds.")
        received_at = datetime.now(UTC).isoformat(timespec="seconds")
        delivery = read_delivery(request.headers, body, settings, received_at)
        with bound(delivery=delivery.guid):
            answer, reason = _submit(inbox, delivery)
            log.info("delivery", github_event=delivery.event, action=delivery.action, answer=answer, reason=reason)
        _count(delivery.event, answer)
        return jsonify(delivery=delivery.guid, jobs=len(delivery.jobs), reason=reason), 202


def _body(limit_bytes: int) -> bytes:
    """The raw body. Raises HTTPException (413) where it is larger than the limit, Refusal (400) where it breaks off."""
    if (request.content_length or 0) > limit_bytes:
        raise RequestEntityTooLarge
    try:
        body = request.get_data(cache=False)
    except (ClientDisconnected, ParseException, OSError) as broken:
        raise Refusal(400, "The body broke off or is wrongly chunked.") from broken
    if len(body) > limit_bytes:  # a body in chunks is cut there without a word, one byte over the limit
        raise RequestEntityTooLarge
    return body


def _submit(inbox: Inbox, delivery: Delivery) -> tuple[str, str]:
    """What is answered, and the reason. Returns only when the delivery is safe, or when there is nothing to keep."""
    if not delivery.payload:
        return "ignored", delivery.ignored_because
    if not inbox.submit(delivery):
        return "known", "known already"
    return ("accepted" if delivery.jobs else "kept"), delivery.ignored_because


def _front() -> Response:
    return Response(front_page(request.host_url.rstrip("/") + WEBHOOK_PATH), mimetype="text/html")


def _tell_the_state(app: Flask, settings: Settings, inbox: Inbox, now: Callable[[], datetime]) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        is_ready, parts = readiness(inbox, settings)
        return jsonify(status="ready" if is_ready else "not ready", **parts), 200 if is_ready else 503

    @app.get("/metrics")
    def prometheus() -> Response:
        try:
            note_backlog(inbox)
            note_limits(inbox, now)
        except EngineUnavailable as away:
            log.warning("what waits is not known", reason=str(away))
        return Response(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def _dress_answers(app: Flask, pages: ErrorPages | None) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

    @app.after_request
    def finish(answer: Response) -> Response:
        for name, value in (*_HEADERS, ("X-Request-Id", g.request_id)):
            answer.headers.setdefault(name, value)  # pages bring their own policy
        if request.path == WEBHOOK_PATH:
            metrics.ACKNOWLEDGEMENT_SECONDS.observe(time.perf_counter() - g.began)
        return answer

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        _count(request.headers.get("X-GitHub-Event", ""), f"refused {refusal.status}")
        log.warning("delivery refused", status=refusal.status, reason=str(refusal), request_id=g.request_id)
        return jsonify(error=str(refusal)), refusal.status

    @app.errorhandler(EngineUnavailable)
    def engine_away(away: EngineUnavailable) -> tuple[Response, int, dict[str, str]]:
        _count(request.headers.get("X-GitHub-Event", ""), "unavailable")
        log.error("delivery not taken", reason=str(away), request_id=g.request_id)
        wait_s = max(1, round(away.retry_after_s or RETRY_AFTER_S))
        line = "The engine cannot take the delivery right now; send it again."
        return jsonify(error=line), 503, {"Retry-After": str(wait_s)}

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if request.path == WEBHOOK_PATH:
            _count(request.headers.get("X-GitHub-Event", ""), f"refused {error.code}")
        if pages and pages.wanted():
            return pages.of(error)
        allow = {"Allow": error.get_response().headers["Allow"]} if error.code == 405 else {}
        return jsonify(error=f"{error.name}."), error.code or 500, allow

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> tuple[Response, int]:
        request_id = g.get("request_id", "")  # none where the session could not even be opened
        log.exception("a request failed", path=request.path, request_id=request_id, exc_info=error)
        return jsonify(error="Something went wrong here; the log has it under this id.", request_id=request_id), 500


def _count(event: str, answer: str) -> None:
    """Events nobody has named here count as "other": a label that the sender chooses must not grow without bound."""
    metrics.DELIVERIES.labels(event if event in BEHAVIOURS else "other", answer).inc()
