"""The web process: gunicorn with one worker of several threads around the webhook app."""

import gc
import importlib
import json
import logging
import sys
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.util import import_app
from setproctitle import setproctitle

from bot.engine.database import prepare
from bot.engine.passing import in_passing
from bot.engine.patience import WEB_DRAIN_S
from bot.logs import set_up_logs
from bot.settings import Settings

APP = "webhooks.app:create_app()"
SWITCH_S = 0.0005
"""The thread that writes to the database lets go of the interpreter at each call of it. By Python's own 5 ms it would
get it back, ten times a delivery, only after the others have had their turn."""


def run_web(settings: Settings, app: str = APP) -> int:
    """Serves until SIGTERM or SIGINT and gives the exit code.

    When it is ready it prints one line of JSON: `{"ready": "web", "port": N}`, also where the port was left to chance
    (web.port 0). The app is loaded in the server's own process, from its settings: connections do not survive a fork.
    Raises EngineUnavailable or SettingsError.
    """
    set_up_logs(settings.log)
    in_passing(lambda: prepare(settings))
    importlib.import_module(app.partition(":")[0])  # before the fork: what is loaded there is held once, not twice
    try:
        Arbiter(_Server(settings, app)).run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, app: str) -> None:
        self._settings = settings
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        web = self._settings.web
        host = f"[{web.host}]" if ":" in web.host else web.host
        for name, value in {
            "bind": f"{host}:{web.port}",
            # One process: on SQLite a second one would fight the first for the file (facts: ten times the p99).
            "workers": 1,
            "worker_class": "gthread",
            "threads": web.threads,
            "preload_app": False,
            "timeout": 30,
            "graceful_timeout": WEB_DRAIN_S,
            "keepalive": 5,
            "accesslog": None,
            "logger_class": _HouseLogger,
            "loglevel": self._settings.log.level,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 — a heartbeat file
            "control_socket_disable": True,
            "pre_fork": _before_fork,
            "post_worker_init": _say_ready,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return import_app(self._app)


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


def _before_fork(_arbiter: Any, _worker: Any) -> None:
    _take_name()
    gc.collect()
    gc.freeze()  # a collection in the child would write to every page it looks at, and so copy it


def _take_name() -> None:
    if sys.platform == "linux":
        setproctitle("seawall web")  # the server gives itself names of its own, in which its processes are "workers"


def _say_ready(worker: Any) -> None:
    _take_name()
    sys.setswitchinterval(SWITCH_S)
    port = worker.sockets[0].getsockname()[1]
    print(json.dumps({"ready": "web", "port": port}), flush=True)
