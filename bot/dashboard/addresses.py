"""Which addresses are the dashboard's own: the host it answers at, and where a person may be sent next."""

from typing import Final
from urllib.parse import urlsplit

from flask import Request

from bot.settings.groups import Dashboard

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via")


def is_loopback(request: Request) -> bool:
    """True where the browser runs on this machine. What a proxy passes on comes from elsewhere, whatever host it
    names."""
    return _hostname(request.host) in LOOPBACK and not any(name in request.headers for name in _PASSED_ON)


def is_ours(request: Request, settings: Dashboard) -> bool:
    """The public address, or this machine: a page of somebody else's name that leads here is answered nothing."""
    if settings.url and request.host.lower() == urlsplit(settings.url).netloc.lower():
        return True
    return is_loopback(request)


def is_secure(request: Request) -> bool:
    """Whether cookies travel over HTTPS alone; only on this machine they need not."""
    return not is_loopback(request)


def safe_next(wanted: str | None) -> str:
    """A path of ours, or `/`: never another host, however it is spelt."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    if any(char < " " or char == "\\" or char == "\x7f" for char in wanted):
        return "/"
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith(("//", "/sign-")):
        return "/"
    return wanted


def http_url(wanted: str | None) -> str:
    """The address where it leads to a page, else nothing: `javascript:` on record must not become a link."""
    try:
        parts = urlsplit(wanted or "")
    except ValueError:
        return ""
    return wanted or "" if parts.scheme in ("http", "https") and parts.netloc else ""


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
