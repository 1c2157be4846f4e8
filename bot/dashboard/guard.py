"""What stands before every page: our own address, a person who is signed in, and forms that are ours."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Flask, Response, abort, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from bot.dashboard.addresses import is_ours, is_secure
from bot.dashboard.cookies import Cookies
from bot.dashboard.desk import Desk

OPEN = frozenset({"dashboard.static", "dashboard.sign_in", "dashboard.sign_in_github", "dashboard.github_back",
                  "dashboard.sign_in_link", "dashboard.use_link"})  # fmt: skip
"""What is there for whoever is not signed in: the way in, and how it looks."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a chart, which brings its style along; it is a document of its own, without script or outside reference."""


def stand_guard(
    app: Flask, pages: Blueprint, desk: Desk, key: Callable[[], str], front: Callable[[], Response]
) -> None:
    """`front`: what stands at `/` for who comes by another address than the dashboard's."""
    cookies = Cookies(key)
    app.session_interface = cookies
    # A proxy speaks plain HTTP to us: the origin is looked at below.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    # With every answer it would go out with those that others may keep, too; a session ends at its hour anyway.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.permanent_session_lifetime = timedelta(hours=desk.settings.dashboard.session_hours)
    forms = CSRFProtect(app)

    @pages.before_request
    def meet() -> AnyResponse | None:
        if not is_ours(request, desk.settings.dashboard):
            return front() if request.endpoint == "dashboard.overview" else abort(404)
        if request.endpoint == "dashboard.static":
            return None
        cookies.get_signing_serializer(app)  # forms need its key too
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            refuse_foreign_origin()
            forms.protect()
        if request.endpoint in OPEN:
            return None
        g.viewer = desk.people.viewer()
        if g.viewer is not None:
            return None
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("dashboard.sign_in", next=_asked_for()), 303)
        return abort(401)

    @pages.after_request
    def seal(answer: Response) -> Response:
        picture = answer.mimetype == "image/svg+xml" and request.endpoint != "dashboard.static"
        answer.headers.setdefault("Content-Security-Policy", PICTURE_POLICY if picture else POLICY)
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        if is_secure(request):
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint == "dashboard.static" and answer.status_code in (200, 304):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # its address has its digest
        return answer


def refuse_foreign_origin() -> None:
    """A form of another site, whatever it carries. Browsers of today say where it comes from."""
    origin = request.headers.get("Origin", "")
    if origin and origin != "null" and origin.partition("://")[2].lower() != request.host.lower():
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def _asked_for() -> str:
    return request.full_path.rstrip("?")
