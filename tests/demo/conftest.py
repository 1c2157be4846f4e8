"""A small repository and a stand-in that hosts it; every answer the stand-in gives is judged by GitHub's description."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import github
import pytest
import requests

from bot.demo.standin import PullRequest, Repository, StandIn

CONTRACT = Path(__file__).parent.parent / "contract"


class Git:
    """A repository in a folder, with commits made by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self("init", "-q", "-b", "main")

    def __call__(self, *arguments: str) -> str:
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _DANA.items()}
        environment = os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=30).stdout

    def write(self, path: str, content: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str) -> str:
        self("add", "-A")
        self("commit", "-q", "--allow-empty", "-m", message)
        return self("rev-parse", "HEAD").strip()

    @property
    def git_dir(self) -> str:
        return str(self.folder / ".git")


_DANA = {"NAME": "Dana", "EMAIL": "dana@example.com", "DATE": "2026-03-02T10:00:00+00:00"}


def load_oracle() -> Any:
    name = "contract_oracle"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, CONTRACT / "oracle.py")
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(autouse=True)
def _judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every JSON answer that any client of these tests receives must fit GitHub's description.

    Trouble on request is the exception: what a fault made is not GitHub's API.
    """
    spec = load_oracle().shared_spec()
    send = requests.Session.send

    def judged_send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response = send(session, request, **options)
        path = urlsplit(request.url or "").path
        is_json = response.headers.get("Content-Type", "").startswith("application/json; charset")
        if "X-GitHub-Media-Type" in response.headers and is_json and not path.endswith("/graphql"):
            if response.status_code < 400:
                spec.request(request.method, request.url, None, request.body)
            spec.response(request.method, request.url, response.status_code, response.content)
        return response

    monkeypatch.setattr(requests.Session, "send", judged_send)


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Main has an app and a picture; `feature` changes, adds, removes, renames, and touches the picture."""
    git = Git(tmp_path / "shop")
    git.write("app.py", "".join(f"line_{number} = {number}\n" for number in range(1, 61)))
    git.write("old.py", "".join(f"kept_{number} = {number}\n" for number in range(20)))
    git.write("gone.txt", "goodbye\n")
    git.write("logo.png", b"\x89PNG\0\1\2")
    git.commit("Start")
    git("checkout", "-q", "-b", "feature")
    app = [f"line_{number} = {number}\n" for number in range(1, 61)]
    app[9:10] = ["changed_10 = 10\n", "added_11 = 11\n"]
    app.append("added_62 = 62")
    git.write("app.py", "".join(app))
    git.write("src/naïve file.py", "print('hello')\n")
    git("mv", "old.py", "new.py")
    git("rm", "-q", "gone.txt")
    git.write("logo.png", b"\x89PNG\0\3\4\5")
    git.commit("Feature")
    return git


@pytest.fixture
def host() -> Iterator[StandIn]:
    with StandIn() as host:
        yield host


@pytest.fixture
def shop(host: StandIn, git: Git) -> Repository:
    return host.add_repository("acme", "shop", git.git_dir)


@pytest.fixture
def pull(host: StandIn, shop: Repository) -> PullRequest:
    return host.open_pull_request(shop, "main", "feature", "Add the feature", "It does things.", author="dana")


@pytest.fixture
def as_user(host: StandIn) -> github.Github:
    """PyGithub with the personal token of a colleague."""
    return _client(host, github.Auth.Token(host.token_for("robin")))


@pytest.fixture
def as_app(host: StandIn, shop: Repository) -> github.Github:
    """PyGithub as the App's installation at the repository's owner."""
    app = github.Auth.AppAuth(host.app.id, host.app.private_key)
    return _client(host, app.get_installation_auth(shop.installation_id))


def _client(host: StandIn, auth: github.Auth.Auth) -> github.Github:
    return github.Github(
        auth=auth, base_url=host.base_url, retry=None, seconds_between_requests=0, seconds_between_writes=0, timeout=10
    )


def load_webhooks() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONTRACT / "github-webhooks.json").read_text())
    return loaded
