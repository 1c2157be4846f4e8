"""The supervisor of `seawall serve`: a small program of its own, of the standard library alone.

What started it, `bot.engine.serve`, becomes this program and hands it the children that are there already: they stay
children of the same process, and the memory of what was loaded for them is held by them alone.
"""

import json
import os
import signal
import sys
from typing import TypedDict

from bot.engine.backoff import Backoff
from bot.engine.child import Child
from bot.engine.plain_log import PlainLog
from bot.engine.watch import Watch, end, watch_over

_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from bot.engine.supervisor import main; sys.exit(main())"
_STOPS = (signal.SIGTERM, signal.SIGINT)


class Post(TypedDict):
    """One role: its name, the command that starts it, whether the listening socket is for it, and its first child."""

    name: str
    command: list[str]
    listens: bool
    child: tuple[int, int, int, float] | None


class Duty(TypedDict):
    """All that the supervisor is told; open files by their numbers."""

    posts: list[Post]
    listener: int | None
    restart: tuple[float, float, int]
    stop_limit_s: float
    log: tuple[str, str]


def become(duty: Duty, root: str) -> None:
    """Turns this process into the supervisor; returns never. `root`: the folder that holds the package `bot`.

    SIGTERM and SIGINT must be blocked: what comes meanwhile waits until the supervisor can hear it. Raises OSError.
    """
    told, tell = os.pipe()
    os.write(tell, json.dumps(duty).encode())  # far less than a pipe holds
    os.close(tell)
    for fd in (told, *_open_files(duty)):
        os.set_inheritable(fd, True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-S", "-c", _PROGRAM, root, str(told), "serve"])  # noqa: S606


def main() -> int:
    """Watches until SIGTERM or SIGINT, lets the children drain, and gives the exit code: 1 where one cannot start."""
    duty = _told(int(sys.argv[2]))
    log = PlainLog("bot.engine.serve", *duty["log"])
    stops: list[int] = []
    for number in _STOPS:
        signal.signal(number, lambda heard, _frame: stops.append(heard))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    watches = [
        Watch(
            post["name"],
            post["command"],
            Backoff(*duty["restart"]),
            log,
            Child(*post["child"]) if post["child"] else None,
            duty["listener"] if post["listens"] else None,
        )
        for post in duty["posts"]
    ]
    failure = watch_over(watches, lambda: bool(stops))
    if duty["listener"] is not None:
        os.close(duty["listener"])  # who calls from now on is refused, and not left waiting
    end(watches, duty["stop_limit_s"])
    if failure:
        log.error(failure)
    return int(bool(failure))


def _told(fd: int) -> Duty:
    with os.fdopen(fd, "rb") as told:
        duty: Duty = json.load(told)
    for inherited in _open_files(duty):
        os.set_inheritable(inherited, False)
    return duty


def _open_files(duty: Duty) -> list[int]:
    found = [fd for post in duty["posts"] if post["child"] for fd in post["child"][1:3]]
    return found if duty["listener"] is None else [*found, duty["listener"]]
