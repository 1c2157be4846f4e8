"""Webhooks: what is sent where, and what is remembered of it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

TIMEOUT_S = 10.0
"""GitHub waits this long for an answer, and then calls the delivery failed."""


@dataclass(frozen=True, slots=True)
class HookTarget:
    """Where webhooks go, and the secret they are signed with; without a secret they go unsigned."""

    url: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """One attempt.

    `status` is GitHub's word: `OK`, `Invalid HTTP Response: 503`, `failed to connect to host` or `timed out`.
    """

    id: int
    guid: str
    event: str
    action: str
    payload: str
    headers: dict[str, str]
    url: str
    delivered_at: datetime
    duration_s: float
    status: str
    status_code: int
    answer: str = ""
    is_redelivery: bool = False
    installation_id: int | None = None
    repository_id: int | None = None

    @property
    def is_delivered(self) -> bool:
        return 200 <= self.status_code < 300


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers_for(event: str, guid: str, body: bytes, secret: str, app_id: int) -> dict[str, str]:
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/stand-in",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
    }
    return headers | ({"X-Hub-Signature-256": signature(secret, body)} if secret else {})
