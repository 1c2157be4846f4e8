"""`seawall serve`: one web process and one worker, watched and restarted."""

import gc
import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from bot.engine.child import Child, bear
from bot.engine.patience import WEB_DRAIN_S, Backoff
from bot.engine.signals import stop_event
from bot.errors import SeawallError
from bot.logs import logger, set_up_logs
from bot.settings import Settings

log = logger(__name__)

Role = Callable[[], int]
"""What a child does with its life; gives its exit code."""

RESTART = Backoff(first_s=0.2, cap_s=15, tries=5)
"""`tries`: how often a child may end that was never ready. One that was ready once is tried again for ever."""
STEADY_AFTER_S = 60.0
"""A child that ran for so long has its earlier deaths forgiven."""
LOOK_EVERY_S = 0.1
SLACK_S = 5.0


def serve(settings: Settings, roles: Mapping[str, Role], restart: Backoff = RESTART) -> int:
    """Runs each role in a child until SIGTERM or SIGINT, then lets them drain, and gives exit code 0.

    When all are ready it prints one line of JSON: `{"ready": "serve", "port": N}`. A child that dies is started again,
    after a wait that doubles. Gives 1, and says why in one line, where a child cannot start at all. Call it in the
    main thread of a process that has no other, with everything loaded that the children share: they are forked.
    In a child it gives the role's own exit code.
    """
    set_up_logs(settings.log)
    stopping = stop_event()
    watches = [_Watch(name, role, restart) for name, role in roles.items()]
    gc.collect()
    gc.freeze()  # a collection in a child would write to every page it looks at, and so copy it
    ended = _watch_over(watches, stopping)
    if isinstance(ended, _Watch):
        return _live(ended.role)
    _end(watches, max(settings.engine.drain_s, WEB_DRAIN_S) + SLACK_S)
    if ended:
        log.error(ended)
        return 1
    return 0


class _Watch:
    """One child after the other in the same role, and what is known of their deaths."""

    def __init__(self, name: str, role: Role, restart: Backoff) -> None:
        self.name = name
        self.role = role
        self.child: Child | None = None
        self._restart = restart
        self._dice = random.Random()  # noqa: S311 — jitter
        self._deaths = 0
        self._was_ready = False
        self._due = 0.0
        self._is_announced = False

    def is_due(self) -> bool:
        """A child is to be started now."""
        return self.child is None and time.monotonic() >= self._due

    def look(self) -> str:
        """Hears the child and notes its death; gives why the whole cannot go on, empty where it can."""
        if self.child is None:
            return ""
        self.child.hear()
        if self.child.exit_code is not None:
            return self._mourn(self.child)
        if self.child.ready and not self._is_announced:
            self._is_announced = self._was_ready = True
            log.info(f"the {self.name} process is ready", pid=self.child.pid)
        return ""

    def _mourn(self, child: Child) -> str:
        self.child, self._is_announced = None, False
        self._was_ready = self._was_ready or child.ready is not None
        if time.monotonic() - child.started_at >= STEADY_AFTER_S:
            self._deaths = 0
        self._deaths += 1
        reason = child.failure or f"exit code {child.exit_code}; the log above may say why"
        if not self._was_ready and self._restart.is_over(self._deaths):
            return f"the {self.name} process cannot start: {reason}"
        wait_s = self._restart.wait_s(self._deaths, self._dice)
        self._due = time.monotonic() + wait_s
        log.warning(
            f"the {self.name} process ended and is started again",
            exit_code=child.exit_code,
            wait_s=round(wait_s, 1),
            reason=reason,
        )
        return ""


def _watch_over(watches: Sequence[_Watch], stopping: threading.Event) -> _Watch | str:
    """Until it is told to stop, or cannot go on: then it gives the reason. In a new child, the child's watch."""
    has_said_ready = False
    while not stopping.is_set():
        for watch in watches:
            if watch.is_due():
                try:
                    watch.child = bear(watch.name, _children(watches))
                except OSError as no_room:
                    return f"the {watch.name} process cannot be started: {no_room}"
                if watch.child is None:
                    return watch
            if failure := watch.look():
                return failure
        words = [child.ready for child in _children(watches) if child.ready]
        if not has_said_ready and len(words) == len(watches):
            port = next((said["port"] for said in words if "port" in said), None)
            print(json.dumps({"ready": "serve", "port": port}), flush=True)
            has_said_ready = True
        stopping.wait(LOOK_EVERY_S)
    return ""


def _children(watches: Sequence[_Watch]) -> list[Child]:
    return [watch.child for watch in watches if watch.child]


def _end(watches: Sequence[_Watch], limit_s: float) -> None:
    for child in _children(watches):
        child.terminate()
    ends = time.monotonic() + limit_s
    for child in _children(watches):
        child.await_end(max(1.0, ends - time.monotonic()))


def _live(role: Role) -> int:
    try:
        return role()
    except SeawallError as failed:
        print(json.dumps({"failed": str(failed)}), flush=True)
        return failed.exit_code
