"""The stage of an attack: a public shop, a private vault, people who may different things, and witnesses everywhere.

Everything is real but GitHub, the chat systems and the model, which are doubles on loopback; the model obeys anybody.
"""

import io
import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bot.demo.standin import Repository
from bot.demo.standin.records import IssueComment, ReviewComment
from bot.domain import (
    Answer,
    CommandGiven,
    Finding,
    Guidance,
    Incident,
    Model,
    Person,
    Place,
    Point,
    Waiver,
)
from bot.domain import PullRequest as KnownPullRequest
from bot.domain import Repository as KnownRepository
from bot.llm import Gateway
from bot.review.spending import LedgerAccount
from bot.settings import load_settings
from tests.injection.doubles import Door, Wiretap
from tests.injection.obedient import Obedient
from tests.injection.watched import MODEL_KEY, VAULT_SAYS, Watched
from tests.life.small_engine import SmallEngine
from tests.life.stage import SECRET
from tests.transports.receiver import Receiver
from tests.transports.signing import (
    SIGNED_SECRET,
    SLACK_SECRET,
    TEAMS_SECRET,
    press,
    signed_command,
    signed_headers,
    slack_headers,
    slash_command,
    teams_headers,
    teams_message,
)
from tests.transports.slack_double import TOKEN, SlackDouble
from webhooks.app import create_app

BASE = """import requests

STOCK = {}


def charge(order):
    return requests.post(order.url, json=order.body, timeout=5)
"""
HEAD = BASE.replace(", timeout=5", "")


class Scene(Watched):
    """`scene.ask("dana", "/seawall …")` says it on the pull request; `scene.slack("U-dana", "…")` in the channel."""

    def __init__(
        self, folder: Path, model: Obedient, slack: SlackDouble, hook: Receiver, logs: io.StringIO, **policy: Any
    ) -> None:
        self.obedient, self.slack_side, self.hook, self.logs = model, slack, hook, logs
        self._triggers = 0
        super().__init__(folder, {"pay.py": BASE}, None, **policy)
        self.tap = Wiretap(self.there._wire._host)
        self.there._wire._host = self.tap
        self.answered: list[tuple[str, Any]] = []
        for login, permission in (("mona", "admin"), ("octocat", "write"), ("passer", "read")):
            self.person(login, permission)
        self.person("mallory")
        self.vault = self._vault()

    def _engine(self, _: Model | None) -> SmallEngine:
        github = self.settings.github.model_dump() | {"webhook_secret": SECRET}
        chat = {
            "slack_signing_secret": SLACK_SECRET, "slack_bot_token": TOKEN, "slack_base_url": self.slack_side.base_url,
            "teams_secret": TEAMS_SECRET, "teams_post_url": self.hook.url, "signed_secret": SIGNED_SECRET,
            "signed_post_url": self.hook.url, "commands_per_minute": 1000,
        }  # fmt: skip
        llm = {
            "model": "openai:obedient",
            "base_url": self.obedient.url,
            "api_key": MODEL_KEY,
            "calls_per_minute": 10_000,
        }
        policy = self.settings.policy.model_dump()
        self.settings = load_settings({}, github=github, chat=chat, llm=llm, policy=policy)
        account = LedgerAccount(self.ledger, self.clock)
        self.gateway = Gateway(self.settings.llm, account)
        engine = super()._engine(self.gateway)
        self.door = Door(lambda given: self._carried_out(engine, given), engine._chat.deliver)
        self.edge: FlaskClient = create_app(self.settings, self.door).test_client()
        return engine

    def _carried_out(self, engine: SmallEngine, given: CommandGiven) -> Answer:
        engine._chat.hear(given)
        return engine._chat.answer(given, ())

    def _vault(self) -> KnownRepository:
        """Private, served, with a finding, guidance, a waiver, an incident and a run of its own."""
        hosted = self.there.add_repository("acme", "vault", str(self.folder / ".git"), is_private=True)
        hosted.collaborators["mona"] = "admin"
        vault = known(hosted)
        pull_request = KnownPullRequest(
            repository=vault, number=1, base_ref="main", base_sha="b" * 40, head_ref="x", head_sha="a" * 40,
            title=VAULT_SAYS, author="mona", url="https://127.0.0.1/acme/vault/pull/1",
            created_at="2026-03-01T09:00:00Z",
        )  # fmt: skip
        finding = Finding.model_validate({
            "path": "vault.py", "start_line": 1, "end_line": 1, "class": "correctness", "kind": "other",
            "rule": "correctness/other", "severity": "high", "confidence": 0.9, "source": "model",
            "title": VAULT_SAYS[:80], "body": VAULT_SAYS, "evidence": "copy()", "fingerprint": "fade0123456789ab",
        })  # fmt: skip
        point = Point(fingerprint=finding.fingerprint, finding=finding, first_head="a" * 40, last_head="a" * 40)
        at = "2026-03-01T09:00:00+00:00"
        self.ledger.keep_pull_request(pull_request)
        self.ledger.keep_points(vault.id, 1, [point], at)
        words: dict[str, Any] = {"repository_id": vault.id, "at": at}
        self.ledger.keep_guidance(Guidance(id="g-ffffff1", text=VAULT_SAYS, author="mona", number=1, **words))
        self.ledger.keep_waiver(
            Waiver(id="w-ffffff1", kind="muted", rule="busy-wait", owner="mona", reason=VAULT_SAYS, **words)
        )
        self.ledger.keep_incident(Incident(id="i-ffffff1", title=VAULT_SAYS, text=VAULT_SAYS, author="mona", **words))
        person = Person(transport="github", id="mona")
        place = Place(transport="github", channel="issue-comment", message="1", repository=vault, number=1)
        given = CommandGiven(id="github-issue-comment-1", text="status", person=person, place=place, at=at)
        self.ledger.keep_command(given, "status")
        self.ledger.end_command(given.id, "done", VAULT_SAYS, at)
        self.vault_run = given.run_id
        return vault

    # people

    def change(self, files: dict[str, str] | None = None, **more: Any) -> None:
        """A pull request of dana's, with one defect that a rule finds, reviewed."""
        self.open({"pay.py": HEAD} if files is None else files, **more)

    def ask(self, login: str, text: str, thread: int | None = None) -> str:
        """Says it on the pull request, or in that thread, and gives what Seawall answered there."""
        before = len(self.our_words())

        def deed(person: Any) -> IssueComment | ReviewComment:
            said: IssueComment | ReviewComment = (
                person.reply(self.pull, thread, text) if thread else person.comment(self.pull, text)
            )
            return said

        self.by(login, "", deed)
        return "\n".join(self.our_words()[before:])

    @property
    def our_thread(self) -> int:
        """The comment that the rule's finding stands in."""
        (comment_id,) = [point.comment_id for point in self.points() if point.finding.source == "rule"]
        assert comment_id
        return comment_id

    def link(self, user: str, login: str, transport: str = "slack", workspace: str = "T1") -> None:
        """As if it had been proved."""
        key = f"{transport}:{workspace}:{user}"
        self.ledger.keep_link_code(key, login, f"digest of {key}", "2027-01-01T00:00:00+00:00")
        assert self.ledger.confirm_link(login, f"digest of {key}", "2026-03-01T00:00:00+00:00") == key

    def slack(self, user: str, text: str, name: str = "mona", team: str = "T1") -> str:
        """A slash command; the answer's text and blocks."""
        self._triggers += 1
        before, trigger = len(self.slack_side.posted), f"trigger-{self._triggers}"
        url = self.slack_side.response_url(trigger)
        body = slash_command(text, user_id=user, user_name=name, team_id=team, trigger_id=trigger, response_url=url)
        self._told("slack/commands", body, slack_headers(body) | {"Content-Type": "application/x-www-form-urlencoded"})
        return self._heard_in_slack(before)

    def press(self, user: str, value: str, team: str = "T1") -> str:
        self._triggers += 1
        before, url = len(self.slack_side.posted), self.slack_side.response_url(f"press-{self._triggers}")
        who, where = {"id": user, "username": user}, {"id": team, "domain": "acme"}
        body = press(value, user=who, team=where, response_url=url)
        self._told("slack/actions", body, slack_headers(body) | {"Content-Type": "application/x-www-form-urlencoded"})
        return self._heard_in_slack(before)

    def teams(self, text: str, name: str = "Mona", user: str = "aad-1") -> str:
        self._triggers += 1
        who = {"id": user, "name": name, "aadObjectId": user}
        body = teams_message(text, **{"from": who, "id": f"message-{self._triggers}"})
        return self._told("teams", body, teams_headers(body))

    def signed(self, text: str, name: str = "mona", user: str = "u7") -> str:
        self._triggers += 1
        body = signed_command(text, id=f"post-{self._triggers}", user={"id": user, "name": name})
        return self._told("signed", body, signed_headers(body))

    def _told(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        answer = self.edge.post(f"/chat/{path}", data=body, headers=headers)
        assert answer.status_code == 200, answer.text
        self.answered.append((path, answer.get_json(silent=True)))
        return answer.text

    def _heard_in_slack(self, before: int) -> str:
        return json.dumps([body for _, body in self.slack_side.posted[before:]], ensure_ascii=False)

    def close(self) -> None:
        self.gateway.close()
        super().close()


def known(hosted: Repository) -> KnownRepository:
    return KnownRepository(
        id=hosted.id, owner=hosted.owner.login, name=hosted.name, installation_id=hosted.installation_id
    )
