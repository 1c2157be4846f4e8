"""Objects of a git repository, read through one `git cat-file --batch`, without a checkout."""

import contextlib
import os
import subprocess
import threading
from collections.abc import Mapping
from typing import NamedTuple


class GitObject(NamedTuple):
    sha: str
    kind: str
    """blob, tree, commit or tag"""
    content: bytes


def clean_environment() -> Mapping[str, str]:
    """The process's environment without anything that would change what git says: no configuration, one language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C.UTF-8",
    }


class ObjectReader:
    """Reads objects by any expression git knows (`main:src/app.py`, a sha, `v1^{tree}`). Safe for many threads."""

    def __init__(self, git_dir: str) -> None:
        self.git_dir = git_dir
        self._lock = threading.Lock()
        self._batch: subprocess.Popen[bytes] | None = None

    def read(self, expression: str) -> GitObject | None:
        """The object, or None where there is none."""
        if "\n" in expression or "\0" in expression or not expression:
            return None  # would be two questions to git
        with self._lock:
            try:
                return self._ask(expression)
            except (BrokenPipeError, EOFError):
                self._end()
                return self._ask(expression)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _ask(self, expression: str) -> GitObject | None:
        batch = self._batch or self._begin()
        assert batch.stdin
        assert batch.stdout
        batch.stdin.write(expression.encode("utf-8", "surrogateescape") + b"\n")
        batch.stdin.flush()
        header = batch.stdout.readline()
        if not header:
            raise EOFError(f"git cat-file ended while it was asked for {expression!r}")
        fields = header.rsplit(None, 2)
        if len(fields) != 3 or fields[1] not in (b"blob", b"tree", b"commit", b"tag") or not fields[2].isdigit():
            return None  # "… missing", "… ambiguous"
        content = batch.stdout.read(int(fields[2]))
        batch.stdout.read(1)
        return GitObject(fields[0].decode(), fields[1].decode(), content)

    def _begin(self) -> subprocess.Popen[bytes]:
        self._batch = subprocess.Popen(  # noqa: S603 (the arguments are ours)
            ["git", f"--git-dir={self.git_dir}", "cat-file", "--batch"],  # noqa: S607 (git from PATH)
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
        )
        return self._batch

    def _end(self) -> None:
        if self._batch is None:
            return
        assert self._batch.stdin
        assert self._batch.stdout
        self._batch.kill()
        self._batch.wait(timeout=5)
        self._batch.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # what it had not read yet is of no use to anyone
            self._batch.stdin.close()
        self._batch = None
