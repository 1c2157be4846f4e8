"""A house that tells weeks to real destinations on loopback, and the engine's promise to begin a name once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.standin import Repository as RepositoryThere
from bot.demo.standin import StandIn
from bot.domain import Repository
from bot.errors import SeawallError
from bot.github import GitHubHost
from bot.ledger import Ledger
from bot.settings import Settings, load_settings
from bot.weekly.delivery.courier import Courier
from tests.transports.receiver import Receiver, receiver
from tests.transports.slack_double import TOKEN, SlackDouble, slack
from tests.weekly.mail_server import MailServer, mail_server

SHOP = Repository(id=42, owner="acme", name="shop")
VAULT = Repository(id=43, owner="acme", name="vault")
PRESS = Repository(id=44, owner="globex", name="press")
"""Of another organisation: on record where a test says so."""
WANTS = {"findings": "high", "weekly": True}


def moment(text: str) -> datetime:
    """`11-23 08:00`, in 2026 and UTC; 23 November is a Monday."""
    return datetime.fromisoformat(f"2026-{text}:00+00:00")


@dataclass
class House:
    folder: Path
    ledger: Ledger
    mail: MailServer
    teams: Receiver
    slack: SlackDouble
    github: StandIn
    issues: RepositoryThere
    now: datetime = field(default_factory=lambda: moment("11-01 00:00"))
    begun: set[str] = field(default_factory=set)
    """Names of errands, as the engine remembers them."""
    failed: list[str] = field(default_factory=list)
    down: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Errands that are to be tried again."""

    def settings(self, **weekly: Any) -> Settings:
        app = {"app_id": self.github.app.id, "private_key": self.github.app.private_key}
        chat = {"slack_bot_token": TOKEN, "slack_base_url": self.slack.base_url, "teams_post_url": self.teams.url}
        mail = {"mail_host": "127.0.0.1", "mail_port": self.mail.port, "mail_from": "seawall@acme.example"}
        mail |= {"mail_security": "none", "mail_timeout_s": 2.0}
        github = {"base_url": self.github.base_url} | app
        return load_settings({}, None, trust_here=False, github=github, chat=chat, weekly=mail | weekly)

    def courier(self, is_paused: bool = False, **weekly: Any) -> Courier:
        """Of another process each time: it remembers nothing."""
        settings = self.settings(**weekly).model_copy(update={"paused": is_paused})
        return Courier(settings, self.ledger, GitHubHost(settings.github), lambda: self.now)

    def look(self, courier: Courier, at: str) -> list[str]:
        """One round at that moment: the names that were told."""
        self.now = moment(at)
        told = []
        for name, errand in {**self.down, **courier.due(self.now)}.items():
            if name in self.begun and name not in self.down:
                continue
            self.begun.add(name)
            self.down.pop(name, None)
            try:
                courier.deliver(errand)
                told.append(name)
            except SeawallError:
                self.down[name] = errand
                self.failed.append(name)
        return sorted(told)

    def subscribe(self, at: str, transport: Any = "teams", channel: str = "C1", repository: Repository = SHOP) -> None:
        moment_iso = moment(at).astimezone(UTC).isoformat()
        self.ledger.subscribe(transport, "T1", channel, repository.id, WANTS, "mona", moment_iso)


@contextmanager
def posting_house(folder: Path, github: StandIn) -> Iterator[House]:
    with Ledger(folder / "ledger.sqlite") as ledger, mail_server(folder) as mail, receiver() as teams, slack() as there:
        for repository in (SHOP, VAULT):
            ledger.keep_repository(repository)
        mail.offers_tls = False
        issues = github.add_repository("acme", "ops", str(folder))
        yield House(folder, ledger, mail, teams, there, github, issues)
