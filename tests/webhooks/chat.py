"""The edge as chat systems meet it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.transports.signing import (
    SIGNED_SECRET,
    SLACK_SECRET,
    TEAMS_SECRET,
    signed_headers,
    slack_headers,
    teams_headers,
)
from tests.webhooks.edge import MemoryInbox, edge_settings
from webhooks.app import create_app

Sign = Callable[[bytes], Mapping[str, str]]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def chat_client(folder: Path, inbox: MemoryInbox, **chat: Any) -> FlaskClient:
    secrets = {"slack_signing_secret": SLACK_SECRET, "teams_secret": TEAMS_SECRET, "signed_secret": SIGNED_SECRET}
    more = {"signed_post_url": "https://chat.acme.test/hooks/seawall"}
    return create_app(edge_settings(folder, chat=secrets | more | chat), inbox).test_client()


def slack(client: FlaskClient, what: str, body: bytes, **headers: str) -> TestResponse:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"/chat/slack/{what}", data=body, headers=FORM | slack_headers(body) | more)


def teams(client: FlaskClient, body: bytes) -> TestResponse:
    return client.post("/chat/teams", data=body, headers=teams_headers(body))


def signed(client: FlaskClient, body: bytes) -> TestResponse:
    return client.post("/chat/signed", data=body, headers=signed_headers(body))
