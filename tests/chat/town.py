"""A small town to talk in: a repository, a pull request, a finding, and people who may different things."""

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.chat.asked import ChatDesk
from bot.chat.dispatch import answer
from bot.diff import parse_hunks
from bot.domain import (
    Answer,
    Change,
    CommandGiven,
    Guidance,
    Patch,
    PatchStatus,
    Person,
    Place,
    PullRequest,
    Transport,
    Waiver,
)
from bot.ledger import Ledger
from bot.review.excerpt import no_scope
from bot.review.pipeline import Desk
from bot.review.snapshot import Snapshot
from bot.rules import FilePair
from bot.settings import PolicyInForce, load_settings
from bot.syntax.guard import Guard
from tests.chat.people import (
    CHANNEL,
    CODE,
    FINDING,
    LINKED,
    NOW,
    PATCH,
    PATH,
    POINT,
    PULL_REQUEST,
    REPOSITORY,
    SECRET,
    THREAD,
    Permissions,
    Policies,
    PullRequests,
    ScriptedModel,
)

WORKSPACES: Mapping[Transport, str] = {"slack": "T1", "teams": "T1", "signed": ""}
"""Of the chat systems; signed requests name none."""


@dataclass
class Town:
    """`town.say("review", "octocat")` is a comment on acme/shop#7; `town.chat("review acme/shop#7", "octocat")` not."""

    ledger: Ledger
    folder: Path
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
        workspace = WORKSPACES.get(transport, "")
        person = Person(transport=transport, id=f"U-{login}", workspace=workspace, name=login.title())
        place = Place(transport=transport, workspace=workspace, channel=CHANNEL)
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


def settle(folder: Path, guard: Guard) -> Town:
    """The town as it is every morning. It is built once a process, and copied for each test."""
    shutil.copy(_built(), folder / "ledger.sqlite")
    return Town(Ledger(folder / "ledger.sqlite"), folder, guard)


@cache
def _built() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Ledger(folder / "ledger.sqlite") as ledger:
        _furnish(ledger)
    return folder / "ledger.sqlite"


def _furnish(ledger: Ledger) -> None:
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
    for transport, workspace in WORKSPACES.items():
        ledger.subscribe(
            transport, workspace, CHANNEL, REPOSITORY.id, {"findings": "high", "weekly": True}, "mona", NOW.isoformat()
        )
        for user, login in LINKED.items():
            digest = f"{transport}-{user}"
            ledger.keep_link_code(f"{transport}:{workspace}:{user}", login, digest, "2026-11-22T00:00:00+00:00")
            ledger.confirm_link(login, digest, "2026-11-01T00:00:00+00:00")


def text_of(found: Answer) -> str:
    """Everything an answer says."""
    return found.reply.model_dump_json()


def without_model(town: Town) -> Town:
    return replace(town, model=None)
