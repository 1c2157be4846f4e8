"""A small town to talk in: a repository, a pull request, a finding, and people who may different things."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.chat.asked import ChatDesk, Granted
from bot.chat.dispatch import answer
from bot.diff import parse_hunks
from bot.domain import (
    Answer,
    Change,
    CommandGiven,
    Finding,
    Guidance,
    ModelAnswer,
    ModelText,
    Patch,
    PatchStatus,
    Person,
    Place,
    Point,
    PullRequest,
    Repository,
    Severity,
    Transport,
    Waiver,
)
from bot.errors import NotFound
from bot.ledger import Ledger
from bot.review.excerpt import no_scope
from bot.review.pipeline import Desk
from bot.review.snapshot import Snapshot
from bot.rules import FilePair
from bot.settings import Policy, PolicyInForce, load_settings
from bot.syntax.guard import Guard

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


@dataclass
class Town:
    """`town.say("review", "octocat")` is a comment on acme/shop#7; `town.chat("review acme/shop#7", "octocat")` not."""

    ledger: Ledger
    guard: Guard
    permissions: Permissions = field(default_factory=Permissions)
    pull_requests: PullRequests = field(default_factory=PullRequests)
    policies: Policies = field(default_factory=Policies)
    model: ScriptedModel | None = field(default_factory=ScriptedModel)
    under_way: Sequence[str] = ()
    now: datetime = NOW
    settings: dict[str, Any] = field(default_factory=dict)
    code: str = CODE
    heard: int = 0

    @property
    def desk(self) -> ChatDesk:
        return ChatDesk(
            settings=load_settings({}, trust_here=False, **self.settings),
            ledger=self.ledger,
            permissions=self.permissions,
            pull_requests=self.pull_requests,
            policies=self.policies,
            readings=self.reading,
            model=self.model,
            clock=lambda: self.now,
            under_way=lambda key: self.under_way if key == PULL_REQUEST.key else (),
            draw_code=lambda: "0123456789abcdef",
        )

    def reading(self, pull_request: PullRequest) -> Desk:
        content = self.code.encode()
        patch = Patch(path=PATH, status=PatchStatus.MODIFIED, hunks=parse_hunks(PATCH))
        change = Change(
            base_sha=pull_request.base_sha, head_sha=pull_request.head_sha, patches=(patch,), title=pull_request.title
        )
        pair = FilePair(PATH, None, None, content, patch.added())
        snapshot = Snapshot(change, PolicyInForce(self.policies.policy), (pair,), {PATH: content})
        return Desk(
            snapshot=snapshot,
            guard=self.guard,
            model=self.model,
            today="2026-11-22",
            input_budget=24_000,
            scope_of=no_scope,
        )

    def say(self, text: str, login: str = "octocat", in_thread: bool = False, **more: Any) -> Answer:
        """On the pull request, by that login."""
        place = Place(transport="github", repository=REPOSITORY, number=7, thread=THREAD if in_thread else "")
        return self.answer(self.given(text, Person(transport="github", id=login), place, **more))

    def chat(self, text: str, login: str = "octocat", transport: Transport = "slack", **more: Any) -> Answer:
        """In the channel, by whoever is linked to that login; `nobody` is linked to none."""
        person = Person(transport=transport, id=f"U-{login}", workspace="T1", name=login.title())
        place = Place(transport=transport, workspace="T1", channel=CHANNEL)
        if transport == "terminal":
            person, place = Person(transport="terminal", id="root"), Place(transport="terminal")
        return self.answer(self.given(text, person, place, **more))

    def given(self, text: str, person: Person, place: Place, id: str = "", at: str = "") -> CommandGiven:
        self.heard += 1
        name = id or f"{person.transport}-{self.heard}"
        return CommandGiven(
            id=name, text=text, person=person, place=place, at=at or self.now.isoformat(timespec="seconds")
        )

    def answer(self, given: CommandGiven) -> Answer:
        """As the engine does it: written down first, then answered, then the end of it written down."""
        self.ledger.keep_command(given, "")
        found = answer(given, self.desk)
        self.ledger.end_command(given.id, found.reply.state, found.reply.title, given.at, found.awaits)
        return found

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def settle(folder: Path, guard: Guard, change: Callable[[Town], None] = lambda town: None) -> Town:
    """The town as it is every morning."""
    ledger = Ledger(folder / "ledger.sqlite")
    ledger.keep_pull_request(PULL_REQUEST)
    ledger.keep_repository(SECRET)
    ledger.keep_points(REPOSITORY.id, 7, [POINT], "2026-11-20T09:05:00+00:00")
    ledger.keep_guidance(
        Guidance(
            id="g-0a1b2c3",
            repository_id=REPOSITORY.id,
            rule=FINDING.rule,
            text="The gateway enforces two seconds.",
            author="mona",
            number=5,
            at="2026-11-01T09:00:00+00:00",
        )
    )
    ledger.keep_waiver(
        Waiver(
            id="w-0a1b2c3",
            kind="muted",
            repository_id=REPOSITORY.id,
            rule="busy-wait/poll-loop",
            owner="mona",
            reason="a test rig",
            at="2026-11-01T09:00:00+00:00",
        )
    )
    for transport in ("slack", "teams", "signed"):
        ledger.subscribe(
            transport, "T1", CHANNEL, REPOSITORY.id, {"findings": "high", "weekly": True}, "mona", NOW.isoformat()
        )
        for user, login in LINKED.items():
            digest = f"{transport}-{user}"
            ledger.keep_link_code(f"{transport}:T1:{user}", login, digest, "2026-11-22T00:00:00+00:00")
            ledger.confirm_link(login, digest, "2026-11-01T00:00:00+00:00")
    town = Town(ledger, guard)
    change(town)
    return town


def text_of(found: Answer) -> str:
    """Everything an answer says."""
    return found.reply.model_dump_json()


def without_model(town: Town) -> Town:
    return replace(town, model=None)
