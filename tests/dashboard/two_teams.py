"""A record of two repositories that not everybody may see, with words in it that would do harm if they were believed;
and the pages on it, as one person or another sees them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response
from flask.testing import FlaskClient

from bot.dashboard.keys import digest_of
from bot.dashboard.mounting import mount
from bot.dashboard.rule_pages import FILE, version_of_rules
from bot.domain import Delivery, Repository
from bot.domain.workers import BreakerSeen, LimitSeen, WorkerSeen
from bot.errors import EngineUnavailable
from bot.ledger import Ledger
from bot.settings import load_settings
from tests.ledger.records import a_delivery, a_finding, a_pull_request, a_repository, a_review, a_run
from tests.ledger.talk import a_point, a_rule_draft, a_waiver, an_incident

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = "http://127.0.0.1:8080"
OURS, THEIRS = 71, 72
EVIL = '<script>alert("1")</script><img src=x onerror=alert(2)>'
FORMULA = '=HYPERLINK("https://evil.test","open")'
SECRET_WORD = "zeppelin"
"""Stands in the other team's findings, incident and waiver, and nowhere else."""
RULE = "missing-timeout/http-or-socket-call"
RULE_PAGES = [
    {"name": name, "severity": "high", "languages": ["Python"], "page": f"# {name}\n\n## What it finds\nA wait. So."}
    for name in (RULE, "retry-storm/nested-retries")
]
"""Kept as if they had been made: the tests of the pages need no process for them."""


def _granted(installation: str, resource: str, remaining: int, resets_at: str) -> LimitSeen:
    at = f"2026-11-22T{resets_at}:00+00:00"
    return LimitSeen(installation=installation, resource=resource, limit=5000, remaining=remaining, resets_at=at)


class Engine:
    """Takes what is handed in, once by its name; or is away."""

    def __init__(self) -> None:
        self.taken: list[Delivery] = []
        self.is_away = False
        self.heard_of = [
            WorkerSeen(
                name="host-a-1",
                silent_s=4.2,
                breakers=(
                    BreakerSeen(dependency="github", is_open=False, since="2026-11-22T08:00:00+00:00"),
                    BreakerSeen(dependency="model openai:m", is_open=True, since="2026-11-22T11:58:00+00:00"),
                ),
                limits=(
                    _granted("5", "core", 4100, "12:40"),
                    _granted("5", "graphql", 600, "12:35"),
                    _granted("", "core", 12, "11:59"),
                ),
            ),
            WorkerSeen(
                name="host-b-1",
                silent_s=600,
                breakers=(BreakerSeen(dependency="github", is_open=False),),
                limits=(_granted("5", "core", 3900, "12:40"), _granted("5", "graphql", 20, "11:35")),
            ),
        ]

    def backlog(self) -> dict[str, int]:
        self._answer()
        return {"intake": 0, "review": 3}

    def alive(self) -> bool:
        return not self.is_away

    def workers(self) -> list[WorkerSeen]:
        self._answer()
        return self.heard_of

    def submit(self, delivery: Delivery) -> bool:
        self._answer()
        is_new = delivery.guid not in [each.guid for each in self.taken]
        self.taken += [delivery] if is_new else []
        return is_new

    def _answer(self) -> None:
        if self.is_away:
            raise EngineUnavailable("The engine's database does not answer.")


@dataclass
class Board:
    app: Flask
    ledger: Ledger
    engine: Engine
    folder: Path
    now: datetime = NOW
    people: list[str] = field(default_factory=list)

    def as_person(self, ids: Sequence[int] | None, is_admin: bool = False) -> FlaskClient:
        """A browser of somebody who is signed in and may see these repositories; None: everything."""
        secret = f"secret-{len(self.people)}"
        self.people.append(secret)
        begun, ends = (self.now + timedelta(minutes=-1)).isoformat(), (self.now + timedelta(hours=11)).isoformat()
        self.ledger.begin_session(digest_of(secret), f"p{len(self.people)}", is_admin, ids, "", begun, ends)
        client = self.app.test_client()
        with client.session_transaction(base_url=HERE) as session:
            session["session"] = secret
        client.environ_base["HTTP_HOST"] = "127.0.0.1:8080"
        return client


def a_board(folder: Path, ledger: Ledger, now: datetime = NOW, **groups: Any) -> Board:
    """The pages on that ledger, without a browser yet."""
    engine = Engine()
    app = Flask("seawall", static_folder=None)
    settings = load_settings(environment={}, **groups).model_copy(update={"data_dir": folder})
    (folder / FILE).write_text(json.dumps({"version": version_of_rules(), "pages": RULE_PAGES}))
    mount(app, settings, engine, lambda: Response("front"), now=lambda: now, open_ledger=lambda: ledger)
    return Board(app, ledger, engine, folder, now)


def keep_two_teams(ledger: Ledger) -> None:
    ledger.keep_delivery(a_delivery(received_at="2026-11-21T09:00:00+00:00"))
    for repository_id, name, words in ((OURS, "checkout", EVIL), (THEIRS, "airship", SECRET_WORD)):
        repository = a_repository(id=repository_id, name=name)
        pull = a_pull_request(repository=repository, title=f"Retry {words}")
        finding = a_finding("f1", title=f"requests.post {words}", evidence=f"# {words}", path=f"pay/{words[:8]}.py")
        ledger.keep_review(**a_run(pull_request=pull, review=a_review(finding), said={"f1": "inline"}))
        states = ("fixed", "fixed", "accepted", "disputed", "open")
        points = [
            a_point(f"{repository_id}p{index}", state=state, comment_id=9000 + index).model_copy(
                update={"finding": finding.model_copy(update={"fingerprint": f"{repository_id}p{index}"})}
            )
            for index, state in enumerate(states)
        ]
        ledger.keep_points(repository_id, 12, points, at="2026-11-20T09:00:00+00:00")
        of_it = {"repository_id": repository_id}
        ledger.keep_incident(an_incident(id=f"i-{repository_id:07}", title=f"Stood still {words}", **of_it))
        for why_not in ("", f"it finds 40 places {SECRET_WORD}"):
            draft_id = f"d-{repository_id}{len(why_not)}"
            told = {"title": f"Sent too early {words}", "toml": f"title = 'Sent too early {words}'\n", "number": 12}
            ledger.keep_rule_draft(a_rule_draft(id=draft_id, repository_id=repository_id, why_not=why_not, **told))
        ledger.keep_waiver(a_waiver(id=f"w-{repository_id}00001", reason=words, **of_it))
        ledger.keep_waiver(a_waiver(id=f"w-{repository_id}00002", kind="inline", reason=FORMULA, path="a.py", **of_it))
        delivery = a_delivery(
            guid=f"guid-{repository_id}", repository=repository, received_at="2026-11-21T10:00:00+00:00",
            ignored_because=words,
        )  # fmt: skip
        ledger.keep_delivery(delivery)
        _keep_flow(ledger, repository, words)
    ledger.keep_delivery(a_delivery(guid="guid-of-none", repository=None, received_at="2026-11-21T10:00:00+00:00"))
    ledger.keep_incident(an_incident(id="i-0000000", title="Of no repository", repository_id=None, number=None))


def _keep_flow(ledger: Ledger, repository: Repository, words: str) -> None:
    """Three weeks in which pull requests were opened, reviewed and merged: enough to be drawn."""
    ledger.keep_backfill(repository.id, "2026-08-01T00:00:00Z", "", 9, is_done=True)
    for number in range(15):
        day = f"2026-11-{3 + 7 * (number // 5) + number % 5:02}"
        opened = {"number": 200 + number, "title": f"Sail {words}", "author": f"dev-{number % 5}"}
        opened |= {"created_at": f"{day}T08:00:00Z", "is_draft": False}
        ledger.keep_pull_request(a_pull_request(repository=repository, **opened))
        for event, hour, actor in (
            ("opened", "08", f"dev-{number % 5}"), ("reviewed", f"1{number % 9}", f"dev-{(number + 1) % 5}"),
            ("merged", "20", f"dev-{(number + 2) % 5}"),
        ):  # fmt: skip
            details = {"state": "approved", "review_id": number} if event == "reviewed" else {}
            ledger.keep_event(repository.id, 200 + number, event, f"{day}T{hour}:00:00Z", actor, details)
