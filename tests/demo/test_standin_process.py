"""The stand-in as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import github

from bot.demo.standin.__main__ import main

if TYPE_CHECKING:
    import pytest

    from tests.demo.conftest import Git


def test_it_serves_what_it_is_given_until_it_is_told_to_stop(git: Git) -> None:
    command = [sys.executable, "-m", "bot.demo.standin", f"acme/shop={git.git_dir}", "--open", "main..feature"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready = json.loads(process.stdout.readline())
            client = github.Github(auth=github.Auth.Token(ready["token"]), base_url=ready["base_url"], retry=None)
            assert client.get_repo("acme/shop").get_pull(1).title == "Merge feature"
            app = github.Auth.AppAuth(ready["app_id"], ready["private_key"])
            assert github.GithubIntegration(auth=app, base_url=ready["base_url"]).get_app().slug == "seawall"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_a_repository_that_cannot_be_read_as_one_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "'nonsense' is not OWNER/NAME=GIT_DIR" in capsys.readouterr().err
