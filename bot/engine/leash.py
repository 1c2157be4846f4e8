"""Ties a child process to the one that watches it: when that is gone, even by kill -9, the child stops too."""

import os
import signal
import sys
import threading


def hold() -> None:
    """Stops this process, as SIGTERM does, once its standard input ends. Nothing is ever written there."""

    def wait() -> None:
        while sys.stdin.buffer.read(1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="leash", daemon=True).start()
