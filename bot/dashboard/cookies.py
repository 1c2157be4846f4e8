"""The session cookie: signed, of this site alone, out of reach of scripts, over HTTPS unless on this machine."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from bot.dashboard.addresses import is_secure

NAME = "seawall"
SECURE_NAME = "__Host-seawall"
"""Browsers take a cookie of this beginning over HTTPS and for this very host alone."""


class Cookies(SecureCookieSessionInterface):
    """The key is fetched with the first cookie: a server of webhooks alone never needs one."""

    def __init__(self, key: Callable[[], str]) -> None:
        self._key = key

    def get_cookie_name(self, app: Flask) -> str:
        return SECURE_NAME if is_secure(request) else NAME

    def get_cookie_secure(self, app: Flask) -> bool:
        return is_secure(request)

    def get_cookie_httponly(self, app: Flask) -> bool:
        return True

    def get_cookie_samesite(self, app: Flask) -> str:
        return "Lax"

    def get_signing_serializer(self, app: Flask) -> Any:
        if not app.secret_key:
            app.secret_key = self._key()
        return super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        name = SECURE_NAME if is_secure(request) else NAME
        return super().open_session(app, request) if name in request.cookies else self.session_class()
