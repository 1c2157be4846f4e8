"""A worker gives way to the web process: where the processors are scarce, acknowledging comes before working."""

import contextlib
import os
from pathlib import Path

NICER_BY = 5
"""Beside a busy web process a worker, and the guard it starts, gets a quarter of a processor; alone, all of it."""
SWITCH_S = 0.0005
"""A thread that writes to the database lets go of the interpreter at each call of it. By Python's own 5 ms it would get
it back, several times a transaction, only after the others have had their turn; and on SQLite it holds the lock so
long, for which every sender waits."""
_SESSION = Path("/proc/self/autogroup")


def give_way() -> None:
    """Lowers the priority of this process and of those it starts from now on, for good."""
    os.nice(NICER_BY)
    # Linux may weigh sessions against each other instead, each of them by a niceness of its own; ours is the leader's.
    if os.getpid() == os.getsid(0):
        with contextlib.suppress(OSError):
            _SESSION.write_text(f"{os.getpriority(os.PRIO_PROCESS, 0)}\n")
