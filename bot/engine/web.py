"""The web process: gunicorn's threaded worker around the webhook app, without a master: one process is all there is.

What the master would do is done elsewhere: the supervisor starts it again, an alarm ends it where it hangs.
"""

import errno
import faulthandler
import gc
import importlib
import json
import logging
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from gunicorn.glogging import Logger
from gunicorn.sock import create_sockets
from gunicorn.util import import_app
from setproctitle import setproctitle

from bot.engine.connections import PromptWorker
from bot.engine.courtesy import SWITCH_S
from bot.engine.database import prepare
from bot.engine.passing import in_passing
from bot.engine.patience import WEB_DRAIN_S
from bot.errors import SettingsError
from bot.logs import logger, set_up_logs
from bot.settings import Settings
from bot.settings.groups import Web

log = logger(__name__)

APP = "webhooks.app:create_app()"
HANGS_AFTER_S = 30.0
"""A server whose loop has not come round for so long is ended; the loop itself never waits longer than a second."""
_REARM_S = 5.0
_PORT_WAIT_S = 30.0
"""A service that was stopped may still drain, and hold the port for so long."""
_PORT_POLL_S = 0.25
_BACKLOG = 2048
_MAY_BECOME_FREE = (errno.EADDRINUSE, errno.EADDRNOTAVAIL)


def listen(web: Web) -> socket.socket:
    """The listening socket. Raises SettingsError where the address is no address, or is not free for long."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    ends = time.monotonic() + _PORT_WAIT_S
    while True:
        try:
            return socket.create_server((web.host, web.port), family=family, backlog=_BACKLOG)
        except (OSError, OverflowError) as taken:
            if time.monotonic() > ends or getattr(taken, "errno", None) not in _MAY_BECOME_FREE:
                raise SettingsError(
                    f"{web.host}, port {web.port}, cannot be listened at: {taken}. "
                    "Set SEAWALL_WEB__HOST and SEAWALL_WEB__PORT, or stop what listens there."
                ) from taken
        time.sleep(_PORT_POLL_S)


def run_web(settings: Settings, app: str = APP, listener: int | None = None) -> int:
    """Serves until SIGTERM or SIGINT and gives the exit code. Call it in the main thread.

    When it is ready it prints one line of JSON: `{"ready": "web", "port": N}`, also where the port was left to chance
    (web.port 0). `listener`: the number of an open listening socket, which it takes over; else it opens its own.
    Raises EngineUnavailable or SettingsError.
    """
    set_up_logs(settings.log)
    _take_name()
    in_passing(lambda: prepare(settings))
    if listener is None:
        listener = listen(settings.web).detach()
    importlib.import_module(app.partition(":")[0])
    server = _Server(settings, app, listener)
    news = _HouseLogger(server.cfg)
    worker = _Worker(1, os.getppid(), create_sockets(server.cfg, news), server, HANGS_AFTER_S, server.cfg, news)
    try:
        worker.init_process()
    except AppImportError as unknown:
        log.error("the web application cannot be loaded", reason=str(unknown))  # noqa: TRY400 — its name is wrong
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    finally:
        faulthandler.cancel_dump_traceback_later()
        worker.tmp.close()
    if worker.nr_conns > 0:
        log.warning("stopping with requests under way", requests=worker.nr_conns)
        _end_at_once()
    return 0


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, app: str, listener: int) -> None:
        self._settings = settings
        self._app = app
        self._listener = listener
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self._listener}",
            # One process: on SQLite a second one would fight the first for the file (facts: ten times the p99).
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._settings.web.threads,
            "graceful_timeout": WEB_DRAIN_S,
            "keepalive": 5,
            "accesslog": None,
            "logger_class": _HouseLogger,
            "loglevel": self._settings.log.level,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 — a file of no bytes
            "control_socket_disable": True,
            "post_worker_init": _say_ready,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return import_app(self._app)


class _Worker(PromptWorker):
    """One that has no master to report to."""

    _armed_at = float("-inf")

    def notify(self) -> None:
        """The loop comes round. If it does not, a thread that needs no interpreter says where it hangs, and ends it."""
        now = time.monotonic()
        if now - self._armed_at >= _REARM_S:
            self._armed_at = now
            faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True, file=sys.__stderr__ or sys.stderr)

    def is_parent_alive(self) -> bool:
        """The leash tells of a supervisor's end. Whoever else started it may leave it running."""
        return True


class _HouseLogger(Logger):  # type: ignore[misc]
    """Gunicorn's news in the house's log instead of a format of its own."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self.error_log.handlers = []
        self.error_log.propagate = True
        # "Listening at", "Booting worker": the line that says ready is enough.
        self.error_log.setLevel(logging.WARNING)
        self.access_log.handlers = []
        self.access_log.setLevel(logging.CRITICAL)


def _take_name() -> None:
    if sys.platform == "linux":
        setproctitle("seawall web")


def _say_ready(worker: Any) -> None:
    gc.collect()
    gc.freeze()  # what stays for good need not be looked through again and again
    sys.setswitchinterval(SWITCH_S)
    port = worker.sockets[0].getsockname()[1]
    print(json.dumps({"ready": "web", "port": port}), flush=True)


def _end_at_once() -> None:
    """Without waiting for threads: who has waited for so long has given up."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
