"""Commits that the host or a person makes, without a checkout of the person's own."""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.demo.standin.git_objects import clean_environment

TIMEOUT_S = 30.0


def commit_file(git_dir: str, parent: str, path: str, content: bytes, message: str, author: str) -> str:
    """A commit on top of `parent` that gives one file this content. The sha; no branch moves."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(git_dir, "read-tree", parent, environment=index)
        blob = _git(git_dir, "hash-object", "-w", "--stdin", sent=content)
        mode = _git(git_dir, "ls-tree", parent, "--", path).partition(" ")[0] or "100644"
        _git(git_dir, "update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", environment=index)
        tree = _git(git_dir, "write-tree", environment=index)
    return _git(git_dir, "commit-tree", tree, "-p", parent, "-m", message, environment=_identity(author))


def rebased(git_dir: str, base: str, head: str, onto: str, author: str) -> str:
    """The commits of base..head, made again on top of `onto`: the new head. RuntimeError where they do not fit."""
    with tempfile.TemporaryDirectory() as folder:
        tree = str(Path(folder) / "tree")
        _git(git_dir, "worktree", "add", "-q", "--detach", tree, head)
        try:
            _git("", "-C", tree, "rebase", "-q", "--onto", onto, base, environment=_identity(author))
            return _git("", "-C", tree, "rev-parse", "HEAD")
        finally:
            _git(git_dir, "worktree", "remove", "--force", tree)


def move_branch(git_dir: str, branch: str, to: str) -> None:
    """Does nothing where the pull request's head was named by something else than a branch."""
    if _git(git_dir, "for-each-ref", f"refs/heads/{branch}"):
        _git(git_dir, "update-ref", f"refs/heads/{branch}", to)


def _identity(name: str) -> dict[str, str]:
    who = {"NAME": name, "EMAIL": f"{name}@users.noreply.example"}
    return {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in who.items()}


def _git(git_dir: str, *arguments: str, environment: dict[str, str] | None = None, sent: bytes = b"") -> str:
    command: Sequence[str] = ["git", *([f"--git-dir={git_dir}"] if git_dir else []), *arguments]
    done = subprocess.run(  # noqa: S603 (a list, no shell; names come from the host itself)
        command, capture_output=True, timeout=TIMEOUT_S, env={**clean_environment(), **(environment or {})}, input=sent
    )
    if done.returncode:
        raise RuntimeError(f"git {' '.join(arguments[:3])} failed: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode().strip()
