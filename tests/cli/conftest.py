"""The command as a user runs it: its own process, a real git repository, an empty home."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

BASE = "import requests\n\n\ndef pay(url):\n    return requests.post(url, timeout=3)\n"
HEAD = "import requests\n\n\ndef pay(url):\n    return requests.post(url)\n"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Seawall = Callable[..., Answer]


@pytest.fixture
def seawall(tmp_path: Path) -> Seawall:
    """`seawall("review", "--format", "json", cwd=folder, SEAWALL_PAUSED="true")`."""

    def run(*arguments: object, cwd: Path, **variables: str) -> Answer:
        command = [sys.executable, "-c", "from bot.cli import main; main()", *map(str, arguments)]
        home = {"HOME": str(tmp_path / "home"), "SEAWALL_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "100"}
        environment = os.environ | home | variables | {"PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=200)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


def git(folder: Path, *arguments: str) -> str:
    who = [("user.name", "Dana"), ("user.email", "dana@example.com"), ("init.defaultBranch", "main")]
    settings = [part for name, value in who for part in ("-c", f"{name}={value}")]
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *settings, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """On a branch whose working tree loses a timeout."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "pay.py").write_text(BASE)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "base")
    git(folder, "checkout", "-q", "-b", "feature")
    (folder / "pay.py").write_text(HEAD)
    return folder
