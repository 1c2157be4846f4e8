"""The real service against the stand-in for GitHub: processes, files and sockets as in production, on loopback."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.demo.standin import HookTarget, PullRequest, Repository, StandIn
from bot.ledger import Ledger
from tests.service.judge import Judge

SECRET = "a-secret-only-for-these-tests"
PATIENCE_S = 120.0
"""How long anything may take: for a slow machine with much else to do. Where all is well nobody waits so long."""
_BASE = """import requests


def charge(order):
    return requests.post(order.url, json=order.body, timeout=5)


def reserve(item):
    return STOCK.get(item, 0)
"""
_HEAD = """import requests


def charge(order):
    order.answer = requests.post(order.url, json=order.body)
    order.state = requests.get(order.state_url)
    return order


def reserve(item):
    STOCK[item] = STOCK.get(item, 0) - {number}
    return STOCK.get(item, 0)
"""


class Shop:
    """A git repository with as many feature branches as are asked for. `name`: under which a host may have it."""

    def __init__(self, folder: Path, name: str = "shop") -> None:
        self.folder = folder
        self.name = name
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        (folder / "pay.py").write_text(_BASE)
        self.git("add", ".")
        self.git("commit", "-q", "-m", "The shop")

    @property
    def git_dir(self) -> str:
        return str(self.folder / ".git")

    def branch(self, name: str, number: int) -> str:
        """A branch that brings two defects for the rules and one for the model; gives its head."""
        self.git("checkout", "-q", "-B", name, "main")
        return self.commit(number)

    def commit(self, number: int) -> str:
        """One more commit on the branch that is checked out."""
        (self.folder / "pay.py").write_text(_HEAD.format(number=number))
        self.git("commit", "-q", "-a", "-m", f"Change {number}")
        return self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        who = {
            f"GIT_{role}_{what}": "dana@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=os.environ | who | clean, timeout=PATIENCE_S
        )
        return done.stdout.strip()


class Service:
    """`seawall serve`, its web and worker processes, and how to hurt them; or one of its roles alone."""

    def __init__(self, host: StandIn, folder: Path, role: str = "serve", **settings: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.host = host
        self.role = role
        self.data = folder / "data"
        own = {
            "DATA_DIR": self.data,
            "WEB__PORT": 0,
            "GITHUB__BASE_URL": host.base_url,
            "GITHUB__APP_ID": host.app.id,
            "GITHUB__PRIVATE_KEY": host.app.private_key,
            "GITHUB__WEBHOOK_SECRET": SECRET,
            "GITHUB__TIMEOUT_S": PATIENCE_S,
            "ENGINE__REAP_AFTER_S": 2,
            "ENGINE__QUIET_S": 1,
            "LOG__FORMAT": "json",
        }
        self._environment = dict(os.environ) | {f"SEAWALL_{key}": str(value) for key, value in (own | settings).items()}
        self._log = (folder / "service.log").open("ab")
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self) -> None:
        """Starts it and waits until web and worker are ready; the stand-in's webhooks go there from now on."""
        command = [sys.executable, "-c", "from bot.cli import main; main()", self.role]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        assert self._process.stdout
        lines: list[str] = []
        for line in self._process.stdout:
            lines.append(line)
            if f'"ready": "{self.role}"' in line:
                self.port = json.loads(line).get("port", 0)
                break
        else:
            raise AssertionError(f"the service did not start: {lines}\n{self.log()[-3000:]}")
        threading.Thread(target=self._process.stdout.read, daemon=True).start()
        if not self.port:
            return
        self._environment["SEAWALL_WEB__PORT"] = str(self.port)  # a restart listens where GitHub was told
        self.host.courier.target = HookTarget(f"http://127.0.0.1:{self.port}/webhooks/github", SECRET)

    def run(self, *arguments: str) -> str:
        """What another command says, such as `forget`, with this service's settings."""
        command = [sys.executable, "-c", "from bot.cli import main; main()", *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def workers_started(self) -> int:
        """How many workers have been ready so far."""
        return self.log().count("the worker process is ready")

    def stop(self) -> int:
        """SIGTERM, as an operator would; gives the exit code."""
        assert self._process
        self._process.terminate()
        return self._process.wait(PATIENCE_S)

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill_all(self) -> None:
        """SIGKILL to the supervisor and its children, as when the machine loses power."""
        assert self._process
        self._forgive_broken_requests()
        for pid in (self._process.pid, *(pid for pid, _ in self.children())):
            _kill(pid)
        self._process.wait(60)

    def kill(self, role: str) -> bool:
        """SIGKILL to the `web` or `worker` processes; False where none was alive."""
        pids = [pid for pid, command in self.children() if f" {role}" in f" {command}" or command.endswith(role)]
        self._forgive_broken_requests()
        for pid in pids:
            _kill(pid)
        return bool(pids)

    def _forgive_broken_requests(self) -> None:
        if isinstance(judge := self.host._wire._host, Judge):
            judge.may_break_off = True

    def children(self) -> list[tuple[int, str]]:
        """Processes of the service below its supervisor: pid and command line."""
        assert self._process
        listing = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        rows = [line.split(None, 2) for line in listing.splitlines() if len(line.split(None, 2)) == 3]
        below, found = {self._process.pid}, []
        for pid, parent, command in rows:
            if int(parent) in below:
                below.add(int(pid))
                found.append((int(pid), command))
        return found

    def log(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def is_idle(self) -> bool:
        """Nothing waits or is under way. On SQLite."""
        question = "SELECT count(*) FROM workflow_status WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING')"
        with closing(sqlite3.connect(self.data / "engine.sqlite", timeout=30)) as engine:
            return not engine.execute(question).fetchone()[0]

    def ledger(self) -> Ledger:
        return Ledger(self.data / "ledger.sqlite")

    def recorded(self, table: str, repository: Repository) -> int:
        """How many rows of a table of the ledger are about this repository; 0 where there is no such table yet."""
        question = f"SELECT count(*) FROM {table} WHERE repository_id = ?"
        with closing(sqlite3.connect(self.data / "ledger.sqlite", timeout=30)) as ledger:
            is_there = ledger.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            return int(ledger.execute(question, (repository.id,)).fetchone()[0]) if is_there else 0


def our_reviews(pull: PullRequest) -> list[Any]:
    return [review for review in list(pull.reviews.values()) if review.user.login == "seawall[bot]"]


def our_checks(repository: Repository, sha: str) -> list[Any]:
    return [check for check in list(repository.checks.values()) if check.head_sha == sha]


def concluded(repository: Repository, sha: str) -> bool:
    checks = our_checks(repository, sha)
    return bool(checks) and all(check.conclusion for check in checks)


def wait_until(is_true: Callable[[], bool], what: str, timeout_s: float = PATIENCE_S) -> None:
    """Raises AssertionError, naming what was waited for."""
    ends = time.monotonic() + timeout_s
    while not is_true():
        assert time.monotonic() < ends, f"not within {timeout_s:.0f} s: {what}"
        time.sleep(0.05)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
