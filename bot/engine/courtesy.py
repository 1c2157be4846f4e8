"""A worker gives way to the web process: where the processors are scarce, acknowledging comes before working."""

import contextlib
import os
from pathlib import Path

NICER_BY = 5
"""Beside a busy web process a worker, and the guard it starts, gets a quarter of a processor; alone, all of it."""
_SESSION = Path("/proc/self/autogroup")


def give_way() -> None:
    """Lowers the priority of this process and of those it starts from now on, for good."""
    os.nice(NICER_BY)
    # Linux may weigh sessions against each other instead, each of them by a niceness of its own; ours is the leader's.
    if os.getpid() == os.getsid(0):
        with contextlib.suppress(OSError):
            _SESSION.write_text(f"{os.getpriority(os.PRIO_PROCESS, 0)}\n")
