import os
import subprocess
from pathlib import Path

import pytest


class Repository:
    """A real git repository that knows nothing of this machine's git settings."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *args: str, stdin: bytes = b"", expect: tuple[int, ...] = (0,)) -> bytes:
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.root),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        command = ["git", "-c", "protocol.file.allow=always", *args]
        ran = subprocess.run(command, cwd=self.root, env=environment, input=stdin, capture_output=True, timeout=30)
        assert ran.returncode in expect, ran.stderr.decode()
        return ran.stdout

    def write(self, name: str | bytes, content: bytes) -> None:
        path = self.root / (name if isinstance(name, str) else os.fsdecode(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD").decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture(scope="module")
def lasting_repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """For properties: made once, not for every example."""
    return Repository(tmp_path_factory.mktemp("repository"))
