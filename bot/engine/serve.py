"""`seawall serve`: one web process and one worker, watched and restarted. What watches loads no library of theirs."""

import json
import random
import time
from collections.abc import Mapping, Sequence

from bot.engine.child import Child, seawall_command
from bot.engine.patience import WEB_DRAIN_S, Backoff
from bot.engine.signals import stop_event
from bot.logs import logger, set_up_logs
from bot.settings import Settings

log = logger(__name__)

RESTART = Backoff(first_s=0.2, cap_s=15, tries=5)
"""`tries`: how often a child may end that was never ready. One that was ready once is tried again for ever."""
STEADY_AFTER_S = 60.0
"""A child that ran for so long has its earlier deaths forgiven."""
LOOK_EVERY_S = 0.1
SLACK_S = 5.0


def serve(settings: Settings, commands: Mapping[str, Sequence[str]] | None = None, restart: Backoff = RESTART) -> int:
    """Runs the children until SIGTERM or SIGINT, then lets them drain, and gives exit code 0.

    When all are ready it prints one line of JSON: `{"ready": "serve", "port": N}`. A child that dies is started again,
    after a wait that doubles. Gives 1, and says why in one line, where a child cannot start at all. Without `commands`
    the children are `seawall web` and `seawall worker`, which load the settings as this process did.
    """
    set_up_logs(settings.log)
    stopping = stop_event()
    commands = commands or {"web": seawall_command("web"), "worker": seawall_command("worker")}
    watches = [_Watch(name, command, restart) for name, command in commands.items()]
    has_said_ready = False
    failure = ""
    try:
        while not failure and not stopping.wait(LOOK_EVERY_S):
            failure = next((why for watch in watches if (why := watch.look())), "")
            words = [watch.child.ready for watch in watches if watch.child.ready]
            if not has_said_ready and len(words) == len(watches):
                port = next((said["port"] for said in words if "port" in said), None)
                print(json.dumps({"ready": "serve", "port": port}), flush=True)
                has_said_ready = True
    finally:
        for watch in watches:
            watch.child.terminate()
        ends = time.monotonic() + max(settings.engine.drain_s, WEB_DRAIN_S) + SLACK_S
        for watch in watches:
            watch.child.await_end(max(1.0, ends - time.monotonic()))
    if failure:
        log.error(failure)
        return 1
    return 0


class _Watch:
    """One child and what is known of its deaths."""

    def __init__(self, name: str, command: Sequence[str], restart: Backoff) -> None:
        self._name = name
        self._command = command
        self._restart = restart
        self._dice = random.Random()  # noqa: S311 — jitter
        self._deaths = 0
        self._was_ready = False
        self._due: float | None = None
        self._is_announced = False
        self.child = Child(name, command)

    def look(self) -> str:
        """Starts the child again where it is due; gives why the whole cannot go on, empty where it can."""
        now = time.monotonic()
        if self._due is not None:
            if now >= self._due:
                self._due = None
                self.child = Child(self._name, self._command)
                self._is_announced = False
        elif self.child.exit_code is not None:
            return self._mourn(now)
        elif self.child.ready and not self._is_announced:
            self._is_announced = True
            log.info(f"the {self._name} process is ready", pid=self.child.pid)
        return ""

    def _mourn(self, now: float) -> str:
        self._was_ready = self._was_ready or self.child.ready is not None
        if now - self.child.started_at >= STEADY_AFTER_S:
            self._deaths = 0
        self._deaths += 1
        words = self.child.last_words()
        if not self._was_ready and self._restart.is_over(self._deaths):
            return f"the {self._name} process cannot start (exit code {self.child.exit_code}): {words}"
        wait_s = self._restart.wait_s(self._deaths, self._dice)
        self._due = now + wait_s
        log.warning(
            f"the {self._name} process ended and is started again",
            exit_code=self.child.exit_code,
            wait_s=round(wait_s, 1),
            last_words=words,
        )
        return ""
