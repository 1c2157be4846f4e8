"""Fetches one commit of a repository into a bare one of ours, without history, within limits of time and size."""

import base64
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SourceError
from bot.redaction import masked
from bot.settings.environment import certificate_bundle
from bot.source.git import safe_command, safe_environment

_LOOK_EVERY_S = 0.2
_WORDS = 300


@dataclass(frozen=True)
class Remote:
    """Where a commit can be had. `token` is sent in a header and appears on no command line."""

    url: str
    token: str = field(default="", repr=False)

    @property
    def protocol(self) -> str:
        return urlsplit(self.url).scheme


@dataclass(frozen=True)
class FetchLimits:
    timeout_s: float
    max_bytes: int
    """Of the whole repository of ours."""
    max_file_bytes: int
    """Larger files are left out, where the host can leave them out."""


def fetch_commit(folder: Path, remote: Remote, commit: str, ref: str, limits: FetchLimits) -> None:
    """Raises SourceError, with git's words where it has any."""
    args = [
        "fetch",
        "--quiet",
        "--depth=1",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        f"--filter=blob:limit={limits.max_file_bytes}",
        "origin",
        f"+{commit}:{ref}",
    ]
    with tempfile.TemporaryFile() as complaints:
        try:
            git = subprocess.Popen(  # noqa: S603  fixed program, arguments as a list
                safe_command([f"--git-dir={folder}"], args),
                cwd=folder,
                env=_environment(remote),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                start_new_session=True,  # git's own children end with it
            )
        except OSError as refused:
            raise SourceError(
                f"git cannot be started: {refused}. Install it, for example: apt install git."
            ) from refused
        try:
            _wait(git, folder, limits)
        finally:
            _end(git)
        if git.returncode:
            complaints.seek(0)
            words = masked(complaints.read(4000).decode("utf-8", "replace")).split("\n")
            said = " ".join(word for line in words if not line.startswith("hint:") for word in line.split())
            raise SourceError(f"git could not fetch it ({git.returncode}): {said[:_WORDS] or 'without a word'}")


def size_of(folder: Path) -> int:
    """Bytes of the files below, as far as they can be seen while others write there."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue
    return total


def _wait(git: "subprocess.Popen[bytes]", folder: Path, limits: FetchLimits) -> None:
    ends_at = time.monotonic() + limits.timeout_s
    while time.monotonic() < ends_at:
        try:
            git.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            pass
        else:
            break
        if size_of(folder) > limits.max_bytes:
            raise SourceError(f"it has more than {limits.max_bytes >> 20} MB (reading.mirror_max_mb)")
    else:
        raise SourceError(f"fetching took longer than {limits.timeout_s:g} s (reading.mirror_timeout_s)")


def _end(git: "subprocess.Popen[bytes]") -> None:
    if git.poll() is None:
        with suppress(ProcessLookupError):  # it ended by itself just now
            os.killpg(git.pid, signal.SIGKILL)
        git.wait()


def _environment(remote: Remote) -> Mapping[str, str]:
    """Proxies as the environment has them; nothing of this machine's git configuration."""
    pairs = [("http.followRedirects", "false"), ("credential.helper", "")]
    pairs += [("remote.origin.url", remote.url), ("remote.origin.promisor", "true")]
    if remote.token:
        parts = urlsplit(remote.url)
        login = base64.b64encode(f"x-access-token:{remote.token}".encode()).decode()
        pairs.append((f"http.{parts.scheme}://{parts.netloc}/.extraHeader", f"Authorization: Basic {login}"))
    if bundle := certificate_bundle():
        pairs.append(("http.sslCAInfo", bundle))
    return (
        safe_environment(keeps_configuration=False)
        | _as_variables(pairs)
        | {
            "GIT_ALLOW_PROTOCOL": remote.protocol,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ASKPASS": "true",  # a program that says nothing: nobody is there to be asked
        }
    )


def _as_variables(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    variables = {"GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables
