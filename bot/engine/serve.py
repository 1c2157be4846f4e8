"""`seawall serve`: one web process and one worker, watched and restarted."""

import gc
import json
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.engine.backoff import Backoff
from bot.engine.child import Child, bear
from bot.engine.leash import hold
from bot.engine.patience import WEB_DRAIN_S
from bot.engine.supervisor import Duty, Post, become
from bot.engine.thrift import share_arenas, take_text_for_utf8
from bot.errors import SeawallError
from bot.logs import logger, set_up_logs
from bot.settings import Settings

log = logger(__name__)

RESTART = Backoff(first_s=0.2, cap_s=15, tries=5)
"""`tries`: how often a child may end that was never ready. One that was ready once is tried again for ever."""
SLACK_S = 5.0


@dataclass(frozen=True)
class Role:
    """What a child does with its life, twice over: as a function for a fork, as a program for all that come after it.

    Both speak as `bot.engine.child` says, and give the exit code. The program holds its leash itself.
    """

    live: Callable[[], int]
    command: list[str]
    listens: bool = False
    """It takes over the listening socket."""


def serve(
    settings: Settings, roles: Mapping[str, Role], restart: Backoff = RESTART, listener: int | None = None
) -> int:
    """Runs each role in a child until SIGTERM or SIGINT, then lets them drain, and ends with exit code 0.

    When all are ready it prints one line of JSON: `{"ready": "serve", "port": N}`. A child that dies is started again,
    after a wait that doubles; meanwhile who calls waits at the listener. Ends with 1, and says why in one line, where
    a child cannot start at all.

    `listener`: the number of an open listening socket, which is this function's from now on.

    Call it in the main thread of a process that has no other. On Linux the first children are forked: load before
    what they share. This process then becomes a small one that watches, and the call does not return; it does in a
    child, with the role's exit code.
    """
    set_up_logs(settings.log)
    stop_limit_s = max(settings.engine.drain_s, WEB_DRAIN_S) + SLACK_S
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})  # until the supervisor hears them
    try:
        first: dict[str, Child] = {}
        if sys.platform == "linux":  # elsewhere the system's own libraries do not take a fork without a new program
            gc.collect()
            gc.freeze()  # a collection in a child would write to every page it looks at, and so copy it
            for name, role in roles.items():
                others = [listener] if listener is not None and not role.listens else []
                if (child := bear(first.values(), others)) is None:
                    return _live(name, role)
                first[name] = child
        posts = [_post(name, role, first.get(name)) for name, role in roles.items()]
        duty = Duty(
            posts=posts,
            listener=listener,
            restart=(restart.first_s, restart.cap_s, restart.tries),
            stop_limit_s=stop_limit_s,
            log=(settings.log.level, settings.log.format),
        )
        become(duty, str(Path(bot.__file__).parents[1]))
    except OSError as no_room:  # the children notice that nobody holds them any more
        log.error("the service cannot be started", reason=str(no_room))  # noqa: TRY400 — the machine is at fault
    return 1


def live(role: Callable[[], int]) -> int:
    """The life of a child; what keeps it from beginning is told to the supervisor."""
    share_arenas()
    take_text_for_utf8()
    try:
        return role()
    except SeawallError as failed:
        print(json.dumps({"failed": str(failed)}), flush=True)
        return failed.exit_code


def _live(name: str, role: Role) -> int:
    from setproctitle import setproctitle

    setproctitle(f"seawall {name}")
    hold()
    return live(role.live)


def _post(name: str, role: Role, child: Child | None) -> Post:
    first = (child.pid, child.fds[0], child.fds[1], child.started_at) if child else None
    return Post(name=name, command=role.command, listens=role.listens, child=first)
