"""A small repository and a stand-in that hosts it; every answer given is judged by GitHub's description."""

import importlib.util
import json
import os
import shutil
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

    def __call__(self, *arguments: str) -> str:
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _DANA.items()}
        environment = os.environ | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=60).stdout

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


_MISDESCRIBED = {"/app/installations"}
"""Operations whose description no answer fits: here an account would have to be a user and an enterprise at once."""
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
        if (
            "X-GitHub-Media-Type" in response.headers
            and is_json
            and not path.endswith("/graphql")
            and path not in _MISDESCRIBED
        ):
            if response.status_code < 400:
                spec.request(request.method, request.url, None, request.body)
            spec.response(request.method, request.url, response.status_code, _without_nulls_github_gives(response))
        return response

    monkeypatch.setattr(requests.Session, "send", judged_send)


@pytest.fixture(scope="session")
def first_git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    """Main has an app and a picture; `feature` changes, adds, removes, renames, and touches the picture."""
    git = Git(tmp_path_factory.mktemp("first"))
    git("init", "-q", "-b", "main")
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
def git(first_git: Git, tmp_path: Path) -> Git:
    """A copy of it for each test."""
    return Git(shutil.copytree(first_git.folder, tmp_path / "shop"))


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
    """PyGithub as the App's installation at the repository's owner (the whole way there: test_standin_credentials)."""
    return _client(host, github.Auth.Token(host.installation_token(shop)))


def _client(host: StandIn, auth: github.Auth.Auth) -> github.Github:
    return github.Github(
        auth=auth, base_url=host.base_url, retry=None, seconds_between_requests=0, seconds_between_writes=0, timeout=60
    )


def _without_nulls_github_gives(response: requests.Response) -> Any:
    """An outdated comment has `"position": null, "line": null` on GitHub, which its description calls integers."""
    body = response.json() if response.content else None
    for one in body if isinstance(body, list) else [body]:
        if isinstance(one, dict) and "diff_hunk" in one:
            for name in ("position", "line"):
                if one.get(name, 0) is None:
                    del one[name]
    return body


def load_webhooks() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONTRACT / "github-webhooks.json").read_text())
    return loaded
