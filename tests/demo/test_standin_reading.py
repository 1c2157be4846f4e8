"""Reading from the stand-in with the real PyGithub."""



import github
import pytest
import requests

from bot.demo.standin import PullRequest, Repository, StandIn
from tests.demo.conftest import Git


def test_files_come_as_github_shows_them(as_app: github.Github, pull: PullRequest) -> None:
    files = {one.filename: one for one in as_app.get_repo("acme/shop").get_pull(pull.number).get_files()}
    assert {name: (one.status, one.additions, one.deletions) for name, one in files.items()} == {
        "app.py": ("modified", 3, 1),
        "gone.txt": ("removed", 0, 1),
        "logo.png": ("modified", 0, 0),
        "new.py": ("renamed", 0, 0),
        "src/naïve file.py": ("added", 1, 0),
    }
