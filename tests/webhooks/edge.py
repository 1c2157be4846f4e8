"""The edge as the tests meet it: settings, an inbox in memory, signed requests."""

import json
import threading
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.domain import CommandGiven, Delivery, Reply
from bot.domain.workers import WorkerSeen
from bot.errors import EngineUnavailable
from bot.settings import Settings, load_settings
from webhooks.signature import signature

SECRET = "it's a secret to everybody"
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


class MemoryInbox:
    """Keeps deliveries by id, as the engine does; `away` plays an engine that does not answer."""

    def __init__(self) -> None:
        self.kept: dict[str, Delivery] = {}
        self.commands: dict[str, CommandGiven] = {}
        self.replies: dict[str, Reply] = {}
        """Answers by the command's id; under "" the answer to any."""
        self.waited: list[tuple[str, float]] = []
        self.waiting = {"intake": 0}
        self.heard_of: list[WorkerSeen] = []
        self.ledger_has_owner = True
        self.away: EngineUnavailable | None = None
        self._lock = threading.Lock()

    def submit(self, delivery: Delivery) -> bool:
        self._answer()
        with self._lock:
            is_new = delivery.guid not in self.kept
            self.kept.setdefault(delivery.guid, delivery)
        return is_new

    def command(self, given: CommandGiven) -> bool:
        self._answer()
        with self._lock:
            is_new = given.id not in self.commands
            self.commands.setdefault(given.id, given)
        return is_new

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        self._answer()
        self.waited.append((command_id, timeout_s))
        return self.replies.get(command_id) or self.replies.get("")

    def backlog(self) -> dict[str, int]:
        self._answer()
        return self.waiting

    def alive(self) -> bool:
        self._answer()
        return True

    def ledger_is_served(self, silence_s: float) -> bool:
        self._answer()
        return self.ledger_has_owner

    def workers(self) -> list[WorkerSeen]:
        self._answer()
        return self.heard_of

    def _answer(self) -> None:
        if self.away:
            raise self.away


def edge_settings(folder: Path, **overrides: Any) -> Settings:
    values: dict[str, Any] = {"data_dir": str(folder), "github": {"webhook_secret": SECRET}} | overrides
    return load_settings({}, None, **values)


def signed(body: bytes, event: str = "pull_request", guid: str = GUID, secret: str = SECRET) -> dict[str, str]:
    """The headers GitHub sends with this body."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": guid,
        "X-Hub-Signature-256": signature(secret, body),
    }


def deliver(
    client: FlaskClient, payload: Any, event: str = "pull_request", guid: str = GUID, **headers: str
) -> TestResponse:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/webhooks/github", data=body, headers=signed(body, event, guid) | more)
