"""Who lives in the town, what is known of its one pull request, and what GitHub and a model say when they are asked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.chat.asked import Granted
from bot.domain import Finding, ModelAnswer, ModelText, Point, PullRequest, Repository, Severity
from bot.errors import NotFound
from bot.settings import Policy, PolicyInForce

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REPOSITORY = Repository(id=42, owner="acme", name="shop", installation_id=1)
SECRET = Repository(id=43, owner="acme", name="vault", installation_id=1)
PATH = "src/pay.py"
CODE = """\
import requests

session = requests.Session()


def charge(order):
    total = order.total
    response = session.post(URL, json=total)
    return response.json()
"""
FIXED_LINE = "    response = session.post(URL, json=total, timeout=10)"
PATCH = """\
@@ -6,4 +6,4 @@ session = requests.Session()
 def charge(order):
     total = order.total
-    return 1
+    response = session.post(URL, json=total)
     return response.json()"""
PULL_REQUEST = PullRequest(
    repository=REPOSITORY,
    number=7,
    base_ref="main",
    base_sha="b" * 40,
    head_ref="charge",
    head_sha="a" * 40,
    title="Charge the card",
    body="Posts the charge to the bank.",
    author="octocat",
    url="https://github.com/acme/shop/pull/7",
    created_at="2026-11-20T09:00:00+00:00",
)
FINDING = Finding.model_validate({
    "path": PATH,
    "start_line": 8,
    "end_line": 8,
    "class": "missing-timeout",
    "kind": "http-or-socket-call",
    "rule": "missing-timeout/http-or-socket-call",
    "severity": Severity.HIGH,
    "confidence": 0.9,
    "source": "rule",
    "title": "session.post can wait for ever",
    "body": "When the bank hangs, this worker hangs with it.\n\n**Fix:** give it a timeout.",
    "evidence": "    response = session.post(URL, json=total)",
    "scope": "charge",
    "fingerprint": "a1b2c3d4e5f60718",
})  # fmt: skip
POINT = Point(
    fingerprint=FINDING.fingerprint,
    finding=FINDING,
    said="inline",
    first_head=PULL_REQUEST.head_sha,
    last_head=PULL_REQUEST.head_sha,
    comment_id=900,
    code_digest="c0de",
)
THREAD = "900"
MAY: Mapping[str, Granted] = {"mona": "admin", "octocat": "write", "passer": "read"}
"""Everybody else may nothing."""
LINKED = {"U-mona": "mona", "U-octocat": "octocat", "U-passer": "passer", "U-stranger": "stranger"}
CHANNEL = "C1"


class Permissions:
    """What GitHub says of people."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.asked: list[tuple[str, str]] = []

    def of(self, repository: Repository, login: str) -> Granted:
        self.asked.append((repository.full_name, login))
        if self.fails:
            raise self.fails
        return MAY.get(login, "none") if repository == REPOSITORY else "none"


class PullRequests:
    def __init__(self) -> None:
        self.now = PULL_REQUEST

    def of(self, repository: Repository, number: int) -> PullRequest:
        if (repository, number) != (REPOSITORY, 7):
            raise NotFound(f"{repository.full_name}#{number} is not there.")
        return self.now


class Policies:
    def __init__(self) -> None:
        self.policy = Policy()
        self.fails: Exception | None = None

    def of(self, repository: Repository, pull_request: PullRequest | None) -> PolicyInForce:
        if self.fails:
            raise self.fails
        return PolicyInForce(self.policy)


class ScriptedModel:
    """Says what it is told to say, and remembers what it was shown."""

    name = "openai:scripted"

    def __init__(self, **says: Any) -> None:
        self.says: dict[str, Any] = {"text": "The worker waits as long as the bank does."} | says
        self.fails: Exception | None = None
        self.shown: list[tuple[str, dict[str, str]]] = []

    def review(self, inputs: Mapping[str, str]) -> ModelAnswer:
        raise AssertionError("no command asks for a review by itself")

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        self.shown.append((prompt, dict(inputs)))
        if self.fails:
            raise self.fails
        return ModelText(model=self.name, prompt=prompt, prompt_version="1+0", **self.says)

    def prompt_versions(self) -> Mapping[str, str]:
        return {}
