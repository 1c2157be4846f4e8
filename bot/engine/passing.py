"""A short life for a short task: what it loads and touches is given back when it is done."""

import os
import pickle
import sys
from collections.abc import Callable

from bot.errors import SeawallError


def in_passing(task: Callable[[], None]) -> None:
    """Runs it in a forked process and waits for its end. The task bounds its own time.

    Raises the SeawallError that it raised; for anything else that ends it, one that gives the exit code.
    """
    ear, mouth = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        os._exit(_do(task, mouth))
    os.close(mouth)
    with os.fdopen(ear, "rb") as words:
        said = words.read()
    _, status = os.waitpid(pid, 0)
    if said:
        raise pickle.loads(said)  # noqa: S301 — from ourselves
    if code := os.waitstatus_to_exitcode(status):
        raise SeawallError(f"The process ended with exit code {code} before it could begin; the log says why.")


def _do(task: Callable[[], None], mouth: int) -> int:
    """The exit code; a SeawallError goes to the parent."""
    try:
        task()
    except SeawallError as failed:
        with os.fdopen(mouth, "wb") as words:
            pickle.dump(failed, words)
    except BaseException:  # noqa: BLE001 — nothing may climb out of here into the parent's story
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
