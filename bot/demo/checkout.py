"""The sample: a checkout service and a pull request to it, built as a real git repository.

The files lie in `sample/`: `base/` is the service as it stands, `head/` what the pull request puts over it. They are
read as data and never run.
"""

import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.demo.standin.git_objects import clean_environment
from bot.errors import SourceError

SAMPLE = Path(__file__).parent / "sample"
TIMEOUT_S = 30.0
_MAIN_DATE = "2026-02-23T09:12:00+00:00"
_BRANCH_DATE = "2026-03-02T16:47:00+00:00"


@dataclass(frozen=True, slots=True)
class SampleRepository:
    """The sample on disk, and the pull request to open on it. The commits are the same on every machine."""

    git_dir: Path
    full_name: str
    base: str
    base_sha: str
    branch: str
    head_sha: str
    title: str
    body: str
    author: str

    @property
    def owner(self) -> str:
        return self.full_name.split("/")[0]

    @property
    def name(self) -> str:
        return self.full_name.split("/")[1]


def build_repository(folder: Path) -> SampleRepository:
    """Makes the repository in a new folder, with its branches `main` and the pull request's. Needs git on PATH.

    Raises SourceError where git is missing or fails.
    """
    about = tomllib.loads((SAMPLE / "pull_request.toml").read_text("utf-8"))
    folder.mkdir(parents=True)
    git = _Git(folder)
    git.run("init", "--quiet", "--template=", f"--initial-branch={about['base']}")
    _lay(SAMPLE / "base", folder)
    base_sha = git.commit("Checkout as it stands", "Mara Lindqvist", "mara@acme.example", _MAIN_DATE)
    git.run("checkout", "--quiet", "-b", about["branch"])
    _lay(SAMPLE / "head", folder)
    for path in about["removed"]:
        (folder / path).unlink()
    head_sha = git.commit(about["title"], about["author_name"], about["author_email"], _BRANCH_DATE)
    git.run("checkout", "--quiet", about["base"])
    return SampleRepository(
        git_dir=folder / ".git",
        full_name=about["repository"],
        base=about["base"],
        base_sha=base_sha,
        branch=about["branch"],
        head_sha=head_sha,
        title=about["title"],
        body=about["body"].strip(),
        author=about["author"],
    )


def sample_files(tree: str) -> Iterator[Path]:
    """Files of `base` or `head`, relative to it."""
    for path in sorted((SAMPLE / tree).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(SAMPLE / tree)


class _Git:
    """git in one folder, deaf to the user's configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, who: Mapping[str, str] | None = None) -> str:
        settings = ("-c", "core.autocrlf=false", "-c", "commit.gpgSign=false", "-c", f"core.hooksPath={os.devnull}")
        try:
            done = subprocess.run(  # noqa: S603 (the arguments are ours)
                ["git", *settings, *arguments],  # noqa: S607 (git from PATH)
                cwd=self.folder,
                env={**clean_environment(), **(who or {})},
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                check=True,
            )
        except FileNotFoundError as missing:
            raise SourceError("git was not found. Install git and run this again.") from missing
        except subprocess.CalledProcessError as failed:
            raise SourceError(f"git {arguments[0]} failed in {self.folder}: {failed.stderr.strip()}") from failed
        return done.stdout.strip()

    def commit(self, message: str, name: str, email: str, date: str) -> str:
        person = {"NAME": name, "EMAIL": email, "DATE": date}
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in person.items()}
        self.run("add", "--all", "--force")
        self.run("commit", "--quiet", "--message", message, who=who)
        return self.run("rev-parse", "HEAD")


def _lay(tree: Path, folder: Path) -> None:
    for path in sample_files(tree.name):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / path, target)
