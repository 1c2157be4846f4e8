"""The shop on a stand-in for GitHub. What we send and what we are told is judged by GitHub's own description."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from bot.demo import standin
from bot.demo.standin import StandIn
from bot.demo.standin.credentials import TokenBook
from bot.demo.standin.world import EVENTS, PERMISSIONS
from bot.domain import PullRequest, Repository
from bot.github import GitHubHost
from bot.settings import load_settings
from tests.contract.oracle import shared_spec
from tests.github.shop import Git, make_shop


@dataclass
class Time:
    """A clock that sleeping moves on without waiting; once stopped, by nothing else."""

    slept_s: list[float] = field(default_factory=list)
    ahead_s: float = 0.0
    stopped_at: float | None = None

    def now(self) -> float:
        return (time.time() if self.stopped_at is None else self.stopped_at) + self.ahead_s

    def stop(self) -> None:
        self.stopped_at = time.time()

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.ahead_s += seconds


@dataclass
class Calls:
    """What the counting hook was told."""

    seen: list[tuple[str, str, int]] = field(default_factory=list)

    def __call__(self, method: str, route: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append((method, route, status))

    def __len__(self) -> int:
        return len(self.seen)

    def of(self, method: str, ending: str) -> list[int]:
        """The statuses of calls of that method whose route ends so."""
        return [status for seen, route, status in self.seen if seen == method and route.endswith(ending)]


@pytest.fixture(autouse=True)
def _judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every REST request must be one that GitHub describes, and every answer too unless trouble was asked for."""
    spec = shared_spec()
    send = requests.Session.send

    def judged(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        path = urlsplit(request.url or "").path
        if not path.endswith("/graphql"):
            spec.request(str(request.method), str(request.url), None, request.body)
        response = send(session, request, **options)
        if not path.endswith("/graphql") and "X-GitHub-Media-Type" in response.headers:
            spec.response(str(request.method), str(request.url), response.status_code, response.content)
        return response

    monkeypatch.setattr(requests.Session, "send", judged)


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("made") / "shop").folder


@pytest.fixture
def git(made_shop: Path, tmp_path: Path) -> Git:
    return Git(Path(shutil.copytree(made_shop, tmp_path / "shop")))


@pytest.fixture(scope="session")
def started() -> Iterator[StandIn]:
    with StandIn() as there:
        yield there


@pytest.fixture
def there(started: StandIn) -> StandIn:
    """The stand-in for GitHub, as good as new: making one anew takes longer than most tests."""
    world = started.world
    for repository in world.repositories.values():
        repository.git.close()
    world.repositories.clear()
    world.installations.clear()
    world.tokens = TokenBook(world.clock, 5000)
    world.app.permissions, world.app.events = dict(PERMISSIONS), list(EVENTS)
    started.courier.target = None
    started.faults.clear()
    started.journal.clear()
    return started


@pytest.fixture
def shop_there(there: StandIn, git: Git) -> standin.Repository:
    return there.add_repository("acme", "shop", git.git_dir)


@pytest.fixture
def pull_there(there: StandIn, shop_there: standin.Repository) -> standin.PullRequest:
    return there.open_pull_request(shop_there, "main", "feature", "Add the feature", "It does things.", author="dana")


@pytest.fixture
def times() -> Time:
    return Time()


@pytest.fixture
def calls() -> Calls:
    return Calls()


HostFactory = Callable[..., GitHubHost]


@pytest.fixture
def a_host(there: StandIn, times: Time, calls: Calls) -> Iterator[HostFactory]:
    """Makes a GitHubHost as the App, or with `token=`; other keywords are settings of [github]."""
    made: list[GitHubHost] = []

    def make(**github: Any) -> GitHubHost:
        if "token" not in github:
            github = {"app_id": there.app.id, "private_key": there.app.private_key} | github
        settings = load_settings({}, github={"base_url": there.base_url} | github).github
        made.append(GitHubHost(settings, clock=times.now, sleep=times.sleep, random=lambda: 0.5, count=calls))
        return made[-1]

    yield make
    for host in made:
        host.close()


@pytest.fixture
def host(a_host: HostFactory) -> GitHubHost:
    return a_host()


@pytest.fixture
def shop(shop_there: standin.Repository) -> Repository:
    return Repository(id=shop_there.id, owner="acme", name="shop", installation_id=shop_there.installation_id)


def as_told(shop: Repository, made: standin.PullRequest, head_ref: str, title: str) -> PullRequest:
    """A pull request to `main` as its webhook describes it."""
    return PullRequest(
        repository=shop,
        number=made.number,
        base_ref="main",
        base_sha=made.base_sha,
        head_ref=head_ref,
        head_sha=made.head_sha,
        title=title,
    )


@pytest.fixture
def pull(shop: Repository, pull_there: standin.PullRequest) -> PullRequest:
    """The pull request as its webhook described it."""
    return as_told(shop, pull_there, "feature", "Add the feature")
