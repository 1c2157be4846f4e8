"""A small shop as a git repository, with a branch that changes six files in six ways."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DANA = {"NAME": "Dana", "EMAIL": "dana@example.com", "DATE": "2026-03-02T10:00:00+00:00"}
POLICY = 'mode = "comment"\n'

APP = "".join(f"line_{number} = {number}\n" for number in range(1, 61))
APP_AFTER = APP.replace("line_10 = 10\n", "changed_10 = 10\nadded_11 = 11\n") + "last = 1"
STOCK = "".join(f"kept_{number} = {number}\n" for number in range(20))


class Git:
    """A repository in a folder, with commits made by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._now: dict[str, str] = {}
        if not folder.exists():
            folder.mkdir(parents=True)
            self("init", "-q", "-b", "main", "--template=")

    @contextmanager
    def at(self, moment: str) -> Iterator[None]:
        """Commits are made then."""
        self._now = {"DATE": moment}
        try:
            yield
        finally:
            self._now = {}

    def __call__(self, *arguments: str) -> str:
        dana = (_DANA | self._now).items()
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in dana}
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


def make_shop(folder: Path) -> Git:
    """`feature` changes app.py and cart.ts, adds a file with an odd name, renames, removes, and touches a picture."""
    git = Git(folder)
    git.write("app.py", APP)
    git.write("web/cart.ts", "export const a = 1\r\nexport const b = 2\r\n")
    git.write("old.py", STOCK)
    git.write("gone.py", "a = 1\nb = 2\n")
    git.write("logo.png", b"\x89PNG\0\1\2")
    git.write(".github/seawall.toml", POLICY)
    git.commit("Start")
    git("checkout", "-q", "-b", "feature")
    git.write("app.py", APP_AFTER)
    git.write("web/cart.ts", "export const a = 1\r\nexport const b = 3\r\n")
    git.write("src/naïve file#1.py", "print('hello')\n")
    git("mv", "old.py", "new.py")
    git.write("new.py", STOCK.replace("kept_3 = 3", "kept_3 = 4"))
    git("rm", "-q", "gone.py")
    git.write("logo.png", b"\x89PNG\0\3\4\5")
    git.write(".github/seawall.toml", 'mode = "shadow"\n')
    git.commit("Feature")
    return git
