"""The state of the stand-in: who is there, what they own, and a lock around it all."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.demo.standin.credentials import Token, TokenBook
from bot.demo.standin.git_history import GitHistory
from bot.demo.standin.records import Account, AccountKind, PullRequest, Repository
from bot.demo.standin.refusals import not_found

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "members": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = [
    "check_run",
    "check_suite",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "release",
    "repository",
]


@dataclass(slots=True)
class App:
    """The GitHub App under test. Its bot account is `<slug>[bot]`."""

    id: int
    slug: str
    name: str
    owner: Account
    key: rsa.RSAPrivateKey
    created_at: datetime
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: list[str] = field(default_factory=lambda: list(EVENTS))

    @property
    def private_key(self) -> str:
        """PEM, as downloaded from the App's page."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


@dataclass(slots=True)
class Installation:
    id: int
    account: Account
    created_at: datetime


class World:
    """Everything the host knows. Hold `lock` while reading or changing it."""

    def __init__(self, clock: Callable[[], datetime], rate_limit: int) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self._ids = count(1_000_001)
        self.accounts: dict[str, Account] = {}
        self.repositories: dict[str, Repository] = {}
        self.installations: dict[str, Installation] = {}
        self.app = App(
            id=self.next_id(),
            slug="seawall",
            name="Seawall",
            owner=self.account("seawall-operators", "Organization"),
            key=_app_key(),
            created_at=clock(),
        )
        self.bot = self.account(f"{self.app.slug}[bot]", "Bot")
        self.tokens = TokenBook(clock, rate_limit)

    def next_id(self) -> int:
        return next(self._ids)

    def account(self, login: str, kind: AccountKind = "User") -> Account:
        """The account of that name, made where it is new."""
        if login not in self.accounts:
            kind = "Bot" if login.endswith("[bot]") else kind
            self.accounts[login] = Account(self.next_id(), login, kind)
        return self.accounts[login]

    def installation(self, owner: Account) -> Installation:
        """The App's installation at an owner; the App is installed wherever a repository is."""
        if owner.login not in self.installations:
            self.installations[owner.login] = Installation(self.next_id(), owner, self.clock())
        return self.installations[owner.login]

    def installation_by_id(self, id: int) -> Installation:
        for installation in self.installations.values():
            if installation.id == id:
                return installation
        raise not_found()

    def add_repository(self, owner: str, name: str, git_dir: str, default_branch: str, is_private: bool) -> Repository:
        account = self.account(owner, "Organization")
        repository = Repository(
            id=self.next_id(),
            owner=account,
            name=name,
            git=GitHistory(git_dir),
            installation_id=self.installation(account).id,
            created_at=self.clock(),
            default_branch=default_branch,
            is_private=is_private,
        )
        self.repositories[repository.full_name.lower()] = repository
        return repository

    def repository(self, full_name: str, token: Token | None = None) -> Repository:
        """The repository `owner/name`, if it is there and the token may see it."""
        repository = self.repositories.get(full_name.lower())
        if repository is None or (token and token.installation_id not in (None, repository.installation_id)):
            raise not_found()
        return repository

    def pulls(self) -> Iterator[tuple[Repository, PullRequest]]:
        for repository in self.repositories.values():
            for pull in repository.pulls.values():
                yield repository, pull


@cache
def _app_key() -> rsa.RSAPrivateKey:
    """One key for all stand-ins of a process: making one takes a good part of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
