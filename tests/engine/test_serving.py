"""The whole service under its supervisor: started, restarted, stopped; and the web process alone."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bot.engine.backoff import Backoff
from tests.engine.conftest import PATIENCE_S, until

ROOT = Path(__file__).parents[2]

APP = """
import os
import random
def create():
    def app(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return [str(os.getpid()).encode()]
    return app
"""

HANGING_APP = """
import os, signal, time
from bot.engine import web
web.HANGS_AFTER_S, web._REARM_S = 10.0, 0.0
def sleeps_in_the_loop(*_):
    time.sleep(60)
def create():
    signal.signal(signal.SIGUSR2, sleeps_in_the_loop)
    def app(environ, start):
        os.kill(os.getpid(), signal.SIGUSR2)
        time.sleep(60)
    return app
"""

STOPPED_AT_ONCE = """
import os, signal
from bot.engine.supervisor import Duty, become
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
os.kill(os.getpid(), signal.SIGTERM)
become(Duty(posts=[], listener=None, restart=(1, 1, 1), stop_limit_s=1, log=("info", "json")), os.getcwd())
"""

WEB = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.engine.leash import hold
hold()
from bot.engine.web import run_web
from bot.settings import load_settings
sys.exit(run_web(load_settings(environment={}, data_dir=sys.argv[1], web={"port": 0}), app=sys.argv[2]))
"""

SERVE = """
import json, os, signal, sys, threading
sys.path.insert(0, sys.argv[1])
from bot.engine.backoff import Backoff
from bot.engine.leash import hold
from bot.engine.serve import Role, live, serve
from bot.engine.web import listen, run_web
from bot.errors import SettingsError
from bot.settings import load_settings

settings = load_settings(environment={}, data_dir=sys.argv[1], engine={"drain_s": 3}, web={"port": 0})

def web():
    return run_web(settings, "tiny_app:create()", listener)

def broken():
    raise SettingsError("the webhook secret cannot be read")

def worker():
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with open(sys.argv[1] + "/workers", "a") as pids:
        pids.write(f"{os.getpid()}\\n")
    print(json.dumps({"ready": "worker", "pid": os.getpid()}), flush=True)
    while not stop.wait(0.1):
        pass
    open(sys.argv[1] + "/drained", "w").write("yes")
    return 0

if len(sys.argv) > 4:
    listener = int(sys.argv[3])
    hold()
    sys.exit(live(globals()[sys.argv[4]]))
listener = listen(settings.web).detach()
program = [sys.executable, "-c", sys.argv[2], sys.argv[1], sys.argv[2], str(listener)]
roles = {"web": Role(globals()[sys.argv[3]], [*program, sys.argv[3]], listens=True),
         "worker": Role(worker, [*program, "worker"])}
sys.exit(serve(settings, roles, Backoff(first_s=0.1, cap_s=0.5, tries=3), listener))
"""


class Served:
    def __init__(self, folder: Path, web: str = "web") -> None:
        """`web`: which function of the program above is the web process."""
        (folder / "tiny_app.py").write_text(APP)
        self.folder = folder
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, folder, SERVE, web],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
            )

    def await_ready(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        return json.loads(line)

    def worker_pids(self) -> list[int]:
        path = self.folder / "workers"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    if not Path("/proc/self").exists():
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it ended since it was asked
        return False


def _ask(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE_S) as answer:
        return int(answer.read())


def test_it_serves_restarts_what_dies_and_drains_on_sigterm(tmp_path: Path) -> None:
    served = Served(tmp_path)
    said = served.await_ready()
    assert said["ready"] == "serve"
    web_pid = _ask(said["port"])
    first = served.worker_pids()[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: len(served.worker_pids()) == 2, "another worker")
    assert _ask(said["port"]) == web_pid
    assert "worker process ended" in served.log.read_text()
    os.kill(web_pid, signal.SIGKILL)
    until(lambda: not _is_alive(web_pid), "its end")
    second_pid = _ask(said["port"])  # who calls meanwhile waits
    assert second_pid != web_pid
    assert served.stop() == 0
    assert (tmp_path / "drained").read_text() == "yes"
    assert not _is_alive(served.worker_pids()[1])
    assert not _is_alive(second_pid)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", said["port"]), timeout=5)


def test_a_child_that_cannot_start_ends_the_service_with_its_reason_in_one_line(tmp_path: Path) -> None:
    served = Served(tmp_path, web="broken")
    assert served.process.wait(timeout=PATIENCE_S) == 1
    last = served.log.read_text().strip().splitlines()[-1]
    assert "the web process cannot start" in last
    assert "the webhook secret cannot be read" in last
    until(lambda: not any(map(_is_alive, served.worker_pids())), "the worker's end")
    served.stop()


def test_children_do_not_outlive_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    served = Served(tmp_path)
    web_pid = _ask(served.await_ready()["port"])
    worker_pid = served.worker_pids()[0]
    served.stop(signal.SIGKILL)
    until(lambda: not _is_alive(worker_pid) and not _is_alive(web_pid), "the children's end")


def test_a_child_can_be_started_again_and_again(tmp_path: Path) -> None:
    served = Served(tmp_path)
    port = served.await_ready()["port"]
    for deaths in range(1, 4):
        os.kill(served.worker_pids()[-1], signal.SIGKILL)
        until(lambda expected=deaths + 1: len(served.worker_pids()) == expected, "another worker")
    assert served.log.read_text().count("the worker process ended") == 3
    assert _ask(port)
    assert served.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc; elsewhere the children are programs of their own")
def test_what_is_forked_has_one_thread_and_holds_nobody_elses_leash(tmp_path: Path) -> None:
    served = Served(tmp_path)
    web_pid = _ask(served.await_ready()["port"])
    proc = Path("/proc")
    assert len(list((proc / f"{served.process.pid}/task").iterdir())) == 1
    leashes = {_pipe(served.worker_pids()[0], 0), _pipe(web_pid, 0)}
    assert len(leashes) == 2
    own = {link.readlink().name for link in (proc / f"{served.worker_pids()[0]}/fd").iterdir() if link.is_symlink()}
    assert not own & (leashes - {_pipe(served.worker_pids()[0], 0)})
    assert (proc / f"{web_pid}/cmdline").read_bytes().rstrip(b"\0") == b"seawall web"
    parent = int((proc / f"{web_pid}/stat").read_text().rpartition(")")[2].split()[1])
    assert parent == served.process.pid
    rows = (line.split() for line in (proc / f"{parent}/smaps_rollup").read_text().splitlines()[1:])
    assert {row[0]: int(row[1]) for row in rows}["Anonymous:"] < 9000, "the supervisor is small (kB)"
    assert "site-packages" not in (proc / f"{parent}/maps").read_text()
    assert served.stop() == 0


def test_a_signal_that_comes_before_the_supervisor_hears_is_not_lost() -> None:
    run = subprocess.run(
        [sys.executable, "-c", STOPPED_AT_ONCE], capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr


def test_a_web_process_that_hangs_says_where_and_ends(tmp_path: Path) -> None:
    (tmp_path / "hanging_app.py").write_text(HANGING_APP)
    leash, hand = os.pipe()
    web = subprocess.Popen(
        [sys.executable, "-c", WEB, tmp_path, "hanging_app:create()"],
        stdin=leash, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert web.stdout is not None
        port = json.loads(web.stdout.readline())["port"]
        with pytest.raises((OSError, http.client.HTTPException)):
            _ask(port)
        _, errors = web.communicate(timeout=PATIENCE_S)
    finally:
        web.kill()
        os.close(leash)
        os.close(hand)
    assert web.returncode == 1
    assert "sleeps_in_the_loop" in errors


def _pipe(pid: int, fd: int) -> str:
    return Path(f"/proc/{pid}/fd/{fd}").readlink().name


def test_an_app_that_cannot_be_loaded_ends_the_web_process_with_an_error(tmp_path: Path) -> None:
    leash, hand = os.pipe()
    run = subprocess.run(
        [sys.executable, "-c", WEB, tmp_path, "no_such_app:create()"],
        stdin=leash, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT,
    )  # fmt: skip
    os.close(leash)
    os.close(hand)
    assert run.returncode not in (0, None)
    assert "no_such_app" in run.stderr


def test_waits_double_up_to_a_cap_and_half_of_each_is_chance() -> None:
    backoff = Backoff(first_s=1, cap_s=10, tries=5)
    for tries, ceiling in ((1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (9, 10)):
        waits = [backoff.wait_s(tries, random.Random(seed)) for seed in range(200)]
        assert ceiling * 0.5 <= min(waits) < max(waits) <= ceiling
        assert len(set(waits)) > 150
    assert backoff.wait_s(1, random.Random(1), asked_s=60) >= 60
    assert not backoff.is_over(4)
    assert backoff.is_over(5)
