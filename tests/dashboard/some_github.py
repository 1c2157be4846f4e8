"""As much of GitHub as signing in asks: codes for tokens, members, teams, installations and their repositories."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

CLIENT, SECRET = "Iv1.seawall", "the App's own secret"


@dataclass
class SomeGitHub:
    members: dict[str, str] = field(default_factory=lambda: {"mona": "member", "root": "admin"})
    """Login → role in the organisation."""
    team: set[str] = field(default_factory=lambda: {"mona"})
    repositories: dict[str, list[int]] = field(default_factory=lambda: {"mona": [71], "root": [71, 72], "eve": [71]})
    logins: dict[str, str] = field(default_factory=dict)
    """Token → whose it is."""
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Code → login, and the challenge that its verifier must meet."""
    is_away: bool = False
    strange: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Path → what it answers there instead, and with which status."""
    asked: list[str] = field(default_factory=list)

    def lets_through(self, login: str, challenge: str) -> str:
        """The code with which that person is sent back."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = (login, challenge)
        return code

    def app(self) -> Flask:
        app = Flask("github", static_folder=None)

        @app.before_request
        def away() -> tuple[str, int] | None:
            self.asked.append(request.path)
            return ("", 503) if self.is_away else self.strange.get(request.path)

        @app.post("/login/oauth/access_token")
        def token() -> Response:
            login, challenge = self.codes.pop(request.form["code"], ("", ""))
            digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
            meets = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
            given = request.authorization
            knows = bool(given) and (given.username, given.password) == (CLIENT, SECRET)
            if not (login and meets and knows):
                return jsonify(error="bad_verification_code")
            self.logins[f"token of {login}"] = login
            return jsonify(access_token=f"token of {login}", token_type="bearer", scope="")

        @app.get("/api/v3/user")
        def user() -> Any:
            login = self._who()
            return jsonify(login=login) if login else ("", 401)

        @app.get("/api/v3/user/memberships/orgs/acme")
        def membership() -> Any:
            role = self.members.get(self._who())
            return jsonify(state="active", role=role) if role else ("", 404)

        @app.get("/api/v3/orgs/acme/teams/platform/memberships/<login>")
        def team_membership(login: str) -> Any:
            return jsonify(state="active", role="member") if login in self.team else ("", 404)

        @app.get("/api/v3/user/installations")
        def installations() -> Response:
            return jsonify(total_count=1, installations=[{"id": 5}])

        @app.get("/api/v3/user/installations/5/repositories")
        def repositories() -> Response:
            ids, page = self.repositories.get(self._who(), []), int(request.args["page"])
            size = int(request.args["per_page"])
            shown = ids[(page - 1) * size : page * size]
            return jsonify(total_count=len(ids), repositories=[{"id": one} for one in shown])

        return app

    def _who(self) -> str:
        return self.logins.get(request.headers.get("Authorization", "").removeprefix("Bearer "), "")


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Its address on loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
