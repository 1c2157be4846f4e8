"""The guarded process of a command: there before it is needed, fit to be lost, gone with the command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli.likely import MOST_LANGUAGES, likely_paths
from bot.spawning import CAN_FORK
from tests.source.conftest import Repository

forks = pytest.mark.skipif(not CAN_FORK, reason="this system does not fork")
STARTED = """
from bot.cli import head_start
head_start.start(["review"])
"""
LIGHT = """
from functools import partial
from bot.spawning import Fork
from bot.syntax.guarded import work
started = Fork(partial(work, ""))
"""
TOLD = """
import json, subprocess, threading
from bot.syntax.guard import Guard
"""


def _told(program: str) -> Any:
    """What a fresh process says as JSON, the last thing it prints."""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@forks
def test_the_process_is_a_fork_that_has_its_rules_and_nothing_of_ours_open():
    own, (parent, rules, opened), collects = _told(f"""{STARTED}{TOLD}
import gc, os
asked = [
    "__import__('os').getppid()",
    "sum(name.startswith('bot.rules.catalog.') for name in __import__('sys').modules)",
    "__import__('os').listdir('/proc/self/fd')",
]
was_off = not gc.isenabled()
with Guard(timeout_s=10, started=head_start.take()) as guard:
    print(json.dumps([os.getpid(), guard.map(eval, asked), was_off and gc.isenabled()]))
""")
    assert parent == own
    assert rules > 50
    assert len(opened) <= 6  # its three, two copies of them, and the listing itself
    assert collects


@forks
def test_nobody_looks_for_plugins_of_the_records():
    loaded, plugins, made = _told(f"""{STARTED}{TOLD}
import sys
from bot.domain import CallSite
made = CallSite(path="a.py", line=1).to_json()
head_start.take().kill()
from pydantic.plugin._loader import get_plugins
print(json.dumps(["importlib.metadata" in sys.modules, get_plugins(), made["path"]]))
""")
    assert (loaded, plugins, made) == (False, [], "a.py")


@forks
def test_a_fork_is_limited_like_any_guarded_process_and_one_that_is_lost_is_replaced():
    hung, ate, lost, answered, is_its, code = _told(f"""{LIGHT}{TOLD}
hang, eat, answer = "sum(iter(int, 1))", "bytes(900 << 20)", "6 * 7"
pid, crash = "__import__('os').getpid()", "__import__('os').abort()"
with Guard(timeout_s=0.5, memory_mb=700, started=started) as guard:
    found = guard.map(eval, [eat, pid, crash, answer, hang])
print(json.dumps([str(found[4]), str(found[0]), str(found[2]), found[3], found[1] == started.pid, started.returncode]))
""")
    assert "stopped after 0.5 s" in hung
    assert "more than 700 MB" in ate
    assert "its process died" in lost
    assert (answered, is_its, code) == (42, True, -6)


@forks
def test_a_fork_ends_with_its_input_its_program_or_when_it_is_killed():
    assert _told(f"""{LIGHT}{TOLD}
killed, failed = Fork(threading.Event().wait), Fork(lambda: 1 / 0)
started.stdin.close()
try:
    ended = killed.wait(0.02)
except subprocess.TimeoutExpired:
    killed.kill()
    ended = killed.wait(60)
print(json.dumps([started.wait(60), started.poll(), ended, failed.wait(60)]))
""") == [0, 0, -9, 1]


def test_where_a_thread_runs_already_the_process_is_spawned():
    assert _told(f"""{TOLD}
from bot.cli import head_start
head_start._FIRST = ""
done = threading.Event()
threading.Thread(target=done.wait, daemon=True).start()
head_start.start(["review"])
spawned = head_start.take()
with Guard(timeout_s=10, started=spawned) as guard:
    print(json.dumps([type(spawned).__name__, guard.map(len, ["four"])]))
done.set()
""") == ["Popen", [4]]


def test_a_command_that_reads_no_code_starts_none():
    assert _told("""
import gc, json, sys
from bot.cli import head_start
for arguments in ([], ["demo"], ["review", "--help"], ["scan", "-h"]):
    head_start.start(arguments)
print(json.dumps([head_start.take(), gc.isenabled(), "pydantic" in sys.modules]))
""") == [None, True, False]


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_stop_while_all_is_loaded_is_one_word():
    program = "import os, signal, bot.cli.head_start as head_start\n"
    program += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored, where a shell started us behind
    program += "head_start.start = lambda arguments: os.kill(os.getpid(), signal.SIGINT)\n"
    program += "from bot.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", program, "review"], capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (130, "Stopped.\n")


def test_the_commonest_languages_of_a_repository_are_the_likely_ones(tmp_path: Path):
    repository = Repository(tmp_path / "shop")
    for name in ("a.go", "deep/b.go", "c.GO", "d.ts", "e.ts", "f.py", "g.java", "h.java", "i.java", "j.txt", "k"):
        repository.write(name, "")
    assert likely_paths(repository.root) == ()
    repository.git("add", "-A")
    found = likely_paths(repository.root / "deep")
    assert set(found) == {"x.go", "x.java", "x.ts"}
    assert len(found) == MOST_LANGUAGES


def test_where_nothing_is_known_no_language_is_likely(tmp_path: Path):
    assert likely_paths(tmp_path) == ()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index").write_bytes(b"\0\xff" * 1000)
    assert likely_paths(tmp_path) == []
