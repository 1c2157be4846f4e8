"""The Flask application: one request at a time over the state, refusals as GitHub's JSON, limits in the headers."""

from functools import cache

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from bot.demo.standin.refusals import Refusal
from bot.demo.standin.routes import (
    apps,
    checks,
    code,
    comments,
    delivery,
    graph,
    issues,
    pulls,
    reactions,
    repositories,
    reviews,
)
from bot.demo.standin.routes.asking import LARGEST_BODY, answer, world


class Host(Flask):
    """Works on whatever state comes with the request (`Wire` puts it there), so one application serves all hosts."""

    def full_dispatch_request(self) -> Response:
        """All state is behind one lock, so no route has to think of the others."""
        with world().lock:
            return super().full_dispatch_request()


@cache
def shared_host() -> Host:
    host = Host("github-stand-in", static_folder=None, template_folder=None)
    host.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    host.url_map.merge_slashes = False
    host.url_map.strict_slashes = False
    for module in (apps, checks, code, comments, delivery, graph, issues, pulls, reactions, repositories, reviews):
        host.register_blueprint(module.routes)
    host.register_error_handler(Refusal, _refused)
    host.register_error_handler(HTTPException, _unknown)
    host.after_request(_sign_off)
    return host


def _refused(refusal: Refusal) -> Response:
    return answer(refusal.body(), refusal.status)


def _unknown(error: HTTPException) -> Response:
    """Unknown routes, wrong methods and oversized bodies, in GitHub's words where it has any."""
    status = 404 if error.code == 405 else error.code or 500
    return answer(Refusal(status, "Not Found" if status == 404 else str(error.name)).body(), status)


def _sign_off(response: Response) -> Response:
    """Headers that every answer carries, and 304 where the caller has it already."""
    token, notes = g.get("token"), request.environ["standin.notes"]
    if token is not None and token.resets_at is not None:
        limit = world().tokens.rate_limit
        response.headers["X-RateLimit-Limit"] = str(limit)
        response.headers["X-RateLimit-Remaining"] = str(max(0, limit - token.used))
        response.headers["X-RateLimit-Used"] = str(token.used)
        response.headers["X-RateLimit-Reset"] = str(int(token.resets_at.timestamp()))
        response.headers["X-RateLimit-Resource"] = "graphql" if request.path.endswith("/graphql") else "core"
    if token is not None and token.scopes is not None:
        response.headers["X-OAuth-Scopes"] = token.scopes
    response.headers["X-GitHub-Request-Id"] = notes["request_id"]
    response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
    notes["template"] = request.url_rule.rule if request.url_rule else request.path
    notes["login"] = token.account.login if token is not None else ""
    if request.method == "GET" and response.status_code == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response
