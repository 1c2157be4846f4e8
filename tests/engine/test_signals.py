"""A process that is asked to stop hears it, whatever its main thread is at."""

import signal
import subprocess
import sys

import pytest

WAITS = """
import os, signal, sys, threading
from bot.engine.signals import stop_signal

def asked_at(moment):
    '''Waits, and is asked to stop at one line of the wait, and a little later for sure.'''
    await_stop, lines = stop_signal(), iter(range(moment + 1))

    def trace(frame, event, argument):
        if next(lines, None) == moment:
            os.kill(os.getpid(), %s)
        return trace

    later = threading.Timer(0.05, os.kill, (os.getpid(), %s))
    later.start()
    sys.settrace(trace)
    await_stop()
    sys.settrace(None)
    later.join()

signal.alarm(20)
for moment in range(30):
    asked_at(moment)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_of_the_wait_ends_it(number: signal.Signals) -> None:
    ended = subprocess.run([sys.executable, "-c", WAITS % (int(number), int(number))], timeout=60)
    assert ended.returncode == 0


def test_a_signal_before_the_wait_ends_it() -> None:
    code = "import os\nfrom bot.engine.signals import stop_signal\nawait_stop = stop_signal()\n"
    code += f"os.kill(os.getpid(), {int(signal.SIGTERM)})\nawait_stop()"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
