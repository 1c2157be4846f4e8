"""Runs git: no shell, a deadline on every call, and nothing that a reviewed repository has configured.

A checkout is untrusted. Its configuration can name programs (fsmonitor, hooks, diff drivers, filters, ssh commands,
remote helpers) that git would start. Each way in is closed here by an option or a variable that outranks the
repository's files; filters and attributes are closed in `quarantine`.
"""

import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.errors import NotFound, SourceError
from bot.settings.environment import environment_for_child

DEADLINE_S = 60.0
_CHUNK = 1 << 16
_SAFE = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "core.splitIndex=false",
    "-c", "core.attributesFile=/dev/null",
    "-c", "core.sshCommand=false",
    "-c", "core.alternateRefsCommand=true",
    "-c", "diff.external=",
    "-c", "core.quotePath=true",
    "-c", "core.safecrlf=false",
    "-c", "gc.auto=0",
    "-c", "maintenance.auto=false",
)  # fmt: skip
_VARIABLES = {
    "LC_ALL": "C",  # messages are read
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone must not fetch, least of all by a configured helper
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
}


class Git:
    """git in one folder. `options` go before every subcommand, such as `--git-dir=…`."""

    def __init__(self, folder: Path, *options: str, deadline_s: float = DEADLINE_S) -> None:
        self.folder = folder
        self._options = options
        self._deadline_s = deadline_s

    def output(self, *args: str | bytes, stdin: bytes = b"") -> bytes:
        """What git printed. Raises SourceError with git's own words where it failed."""
        with self.stream(*args, stdin=stdin) as stream:
            return stream.rest()

    def text(self, *args: str) -> str:
        """What git printed, without the final newline. For answers that are names, not contents."""
        return os.fsdecode(self.output(*args)).removesuffix("\n")

    def says(self, *args: str) -> str | None:
        """The same, or None where git answers with a failure."""
        try:
            return self.text(*args)
        except (GitFailed, NotFound):
            return None

    @contextmanager
    def stream(self, *args: str | bytes, stdin: bytes = b"") -> "Iterator[Stream]":
        """git's output as it comes. Leaving early stops git; reading to the end checks how it ended."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
            given.write(stdin)  # a file, not a pipe: git can read and we can read, and neither waits for the other
            given.seek(0)
            git = self._start(args, given, complaints)
            stream = Stream(git, complaints, time.monotonic() + self._deadline_s, _shown(args))
            try:
                yield stream
            finally:
                git.kill()
                git.wait()
                stream.close()

    def _start(self, args: Sequence[str | bytes], stdin: IO[bytes], stderr: IO[bytes]) -> "subprocess.Popen[bytes]":
        command = safe_command(self._options, args)
        try:
            return subprocess.Popen(  # noqa: S603  fixed program, arguments as a list
                command, cwd=self.folder, env=safe_environment(), stdin=stdin, stdout=subprocess.PIPE, stderr=stderr
            )
        except FileNotFoundError as missing:
            if not self.folder.is_dir():
                raise NotFound(f"There is no folder {self.folder}.") from missing
            raise SourceError(
                "git is not installed, or not on PATH. Install it, for example: apt install git."
            ) from missing
        except NotADirectoryError as wrong:
            raise NotFound(f"{self.folder} is not a folder.") from wrong
        except OSError as refused:
            raise SourceError(f"git cannot be started in {self.folder}: {refused}.") from refused


class GitFailed(SourceError):
    """git ended with a failure; the message carries its words."""

    found_nothing = False
    """True where git ended as `grep` does that found no line: not a word, and a 1."""


class Stream:
    """git's standard output, read under the call's deadline."""

    def __init__(self, git: "subprocess.Popen[bytes]", complaints: IO[bytes], ends_at: float, what: str) -> None:
        assert git.stdout is not None
        self._git, self._complaints, self._ends_at, self._what = git, complaints, ends_at, what
        self._pipe = git.stdout
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._pipe, selectors.EVENT_READ)
        self._held = bytearray()

    def line(self) -> bytes:
        """The next line without its newline; empty at the end."""
        while (end := self._held.find(b"\n")) < 0:
            if not self._more():
                end = len(self._held)
                break
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line

    def read(self, size: int, keep: int | None = None) -> bytes:
        """The next `size` bytes, of which only the first `keep` are held in memory."""
        keep = size if keep is None else min(keep, size)
        kept = bytearray()
        left = size
        while left:
            if not self._held and not self._more():
                raise SourceError(f"git stopped in the middle of an answer ({self._what}): {self._words()}")
            piece = self._held[:left]
            del self._held[:left]
            left -= len(piece)
            kept += piece[: max(0, keep - len(kept))]
        return bytes(kept)

    def rest(self) -> bytes:
        """Everything to the end. Raises SourceError where git failed."""
        while self._more():
            pass
        self._check_end()
        return bytes(self._held)

    def at_most(self, size: int) -> tuple[bytes, bool]:
        """The first `size` bytes, and whether that is all there is."""
        while len(self._held) <= size:
            if not self._more():
                self._check_end()
                return bytes(self._held), True
        return bytes(self._held[:size]), False

    def close(self) -> None:
        self._ready.close()
        self._pipe.close()

    def _more(self) -> bool:
        if not self._ready.select(max(0.0, self._ends_at - time.monotonic())):
            raise SourceError(f"git took too long ({self._what}). Try again, or review a smaller change.")
        piece = os.read(self._pipe.fileno(), _CHUNK)
        self._held += piece
        return bool(piece)

    def _check_end(self) -> None:
        try:
            code = self._git.wait(max(0.1, self._ends_at - time.monotonic()))
        except subprocess.TimeoutExpired as slow:
            raise SourceError(f"git took too long ({self._what}).") from slow
        if code:
            raise _failure(self._what, self._words(), code)

    def _words(self) -> str:
        self._complaints.seek(0)
        return self._complaints.read(4000).decode("utf-8", "replace").strip()


def _failure(what: str, words: str, code: int) -> SourceError | NotFound:
    if "not a git repository" in words:
        return NotFound("This is not a git repository. Go into one, or name two folders with --before and --after.")
    if "dubious ownership" in words:
        return SourceError(
            "git refuses this repository because another user owns it. If you trust it, run: "
            "git config --global --add safe.directory PATH"
        )
    if "unable to read" in words or "missing blob" in words or "could not fetch" in words:
        return SourceError(
            f"The repository lacks objects of this change; a partial clone? Run: git fetch. ({words[:300]})"
        )
    failure = GitFailed(f"git {what} failed ({code}): {words[:500] or 'without a word'}")
    failure.found_nothing = code == 1 and not words
    return failure


def safe_command(options: Sequence[str], args: Sequence[str | bytes]) -> list[str | bytes]:
    """The command line; nothing that a repository configures can add a program to it."""
    return ["git", *_SAFE, *options, *args]


def safe_environment(keeps_configuration: bool = True) -> dict[str, str]:
    """Hooks run with GIT_DIR and the like set, which would turn us to another repository; configuration may stay."""

    def stays(name: str) -> bool:
        is_configuration = name.startswith("GIT_CONFIG") and keeps_configuration
        return not name.startswith("GIT_") or is_configuration or name == "GIT_EXEC_PATH"

    return environment_for_child(stays) | _VARIABLES


def _shown(args: Sequence[str | bytes]) -> str:
    return " ".join(os.fsdecode(arg) for arg in args[:3])
