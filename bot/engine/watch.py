"""The watch over the service's processes: what dies is started again. The standard library alone."""

import json
import random
import select
import time
from collections.abc import Callable, Iterable, Sequence

from bot.engine.backoff import Backoff
from bot.engine.child import Child, start
from bot.engine.plain_log import PlainLog

STEADY_AFTER_S = 60.0
"""A child that ran for so long has its earlier deaths forgiven."""
LOOK_EVERY_S = 0.1
_GASP_S = 0.01
"""One that is about to die can be heard before its death can be seen."""


class Watch:
    """One child after the other in the same role, and what is known of their deaths."""

    def __init__(
        self,
        name: str,
        command: list[str],
        restart: Backoff,
        log: PlainLog,
        child: Child | None,
        passes: int | None,
    ) -> None:
        """`child`: the first, where it is there already. `passes`: the open file that each takes over."""
        self.name = name
        self.child = child
        self._command = command
        self._passes = passes
        self._restart = restart
        self._log = log
        self._dice = random.Random()  # noqa: S311 — jitter
        self._deaths = 0
        self._was_ready = False
        self._due = 0.0
        self._is_announced = False

    def look(self, siblings: Iterable[Child]) -> str:
        """Starts a child where one is due, hears it and notes its death; gives why the whole cannot go on, or ""."""
        if self.child is None and time.monotonic() >= self._due:
            try:
                self.child = start(self._command, siblings, self._passes)
            except OSError as no_room:
                return f"the {self.name} process cannot be started: {no_room}"
        if self.child is None:
            return ""
        self.child.hear()
        if self.child.exit_code is not None:
            return self._mourn(self.child)
        if self.child.ready and not self._is_announced:
            self._is_announced = self._was_ready = True
            self._log.info(f"the {self.name} process is ready", pid=self.child.pid)
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
        self._log.warning(
            f"the {self.name} process ended and is started again",
            exit_code=child.exit_code,
            wait_s=round(wait_s, 1),
            reason=reason,
        )
        return ""


def watch_over(watches: Sequence[Watch], is_stopped: Callable[[], bool]) -> str:
    """Until it is told to stop, or cannot go on: then it gives the reason. Says once when all are ready."""
    has_said_ready = False
    while not is_stopped():
        for watch in watches:
            if failure := watch.look(children(watches)):
                return failure
        words = [child.ready for child in children(watches) if child.ready]
        if not has_said_ready and len(words) == len(watches):
            port = next((said["port"] for said in words if "port" in said), None)
            print(json.dumps({"ready": "serve", "port": port}), flush=True)
            has_said_ready = True
        _listen(watches)
    return ""


def children(watches: Iterable[Watch]) -> list[Child]:
    return [watch.child for watch in watches if watch.child]


def end(watches: Sequence[Watch], limit_s: float) -> None:
    """Lets all drain, and kills what has not ended in time."""
    for child in children(watches):
        child.terminate()
    ends = time.monotonic() + limit_s
    for child in children(watches):
        child.await_end(max(1.0, ends - time.monotonic()))


def _listen(watches: Sequence[Watch]) -> None:
    """A short while, or until one that is not ready yet says something."""
    ears = [child.fds[1] for child in children(watches) if child.fds and not child.ready]
    if not ears:
        time.sleep(LOOK_EVERY_S)
    elif select.select(ears, [], [], LOOK_EVERY_S)[0]:
        time.sleep(_GASP_S)
