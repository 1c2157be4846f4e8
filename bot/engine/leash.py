"""Ties a child process to the one that watches it: when that is gone, even by kill -9, the child stops too."""

import os
import signal
import threading
import time

LAST_S = 5.0


def hold() -> None:
    """Stops this process, as SIGTERM does, once its standard input ends; nothing is ever written there. Its time to
    drain is short then: a new supervisor may be waiting for its port and its name.
    """

    def wait() -> None:
        while os.read(0, 1):  # not sys.stdin: its lock, held here, would make the interpreter abort when it ends
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_S)
        os._exit(1)

    threading.Thread(target=wait, name="leash", daemon=True).start()
