"""Starts guarded processes. It stands alone, so that a command can start one before it has loaded much itself."""

import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from signal import SIGKILL
from types import ModuleType
from typing import IO, Protocol

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; from bot.spawning import do_without_plugins; do_without_plugins(); "
    "from bot.syntax.guarded import work; work(sys.argv[1])"
)
CAN_FORK = sys.platform == "linux"
"""Elsewhere there is no fork, or the system's own libraries may not survive one."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.0005, 0.05


class Process(Protocol):
    """What is asked of a guarded process. A `subprocess.Popen[bytes]` is one, a `Fork` another."""

    @property
    def pid(self) -> int: ...
    @property
    def stdin(self) -> IO[bytes] | None: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...


def spawn(first: str = "") -> "subprocess.Popen[bytes]":
    """A process of its own and no fork: what the service has open stays outside.

    `first`, such as `bot.rules.scan:warm_up`, is called before it is told its limits and takes tasks. It ends when its
    standard input does.
    """
    return subprocess.Popen(  # noqa: S603 — our own program
        [sys.executable, "-c", _PROGRAM, first, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def do_without_plugins() -> None:
    """Before its first record pydantic reads what each installed package offers, for plugins of its own. There are
    none, and loading what reads that takes as long as all of pydantic's own records, and a megabyte and a half. Where
    a version of it looks for them elsewhere, this does nothing."""
    none = ModuleType("pydantic.plugin._loader")
    vars(none)["get_plugins"] = tuple
    sys.modules.setdefault(none.__name__, none)


class Fork:
    """A fork of this process that runs `program` between two pipes, and nothing of ours after it.

    Only for a process that has one thread and nothing open yet: what is loaded is there twice and was loaded once.
    """

    def __init__(self, program: Callable[[], None]) -> None:
        its_in, our_out = os.pipe()
        our_in, its_out = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            _run(program, its_in, its_out)
        os.close(its_in)
        os.close(its_out)
        self.stdin: IO[bytes] | None = os.fdopen(our_out, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(our_in, "rb")
        self.returncode: int | None = None
        self._one_asks = threading.Lock()

    def poll(self) -> int | None:
        """How it ended, below 0 where a signal did it; None while it runs."""
        with self._one_asks:
            if self.returncode is None:
                try:
                    ended, status = os.waitpid(self.pid, os.WNOHANG)
                except ChildProcessError:  # somebody else has asked for it
                    self.returncode = 0
                else:
                    self.returncode = os.waitstatus_to_exitcode(status) if ended else None
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The same, once it has ended. Raises subprocess.TimeoutExpired."""
        ends_at = None if timeout is None else time.monotonic() + timeout
        pause_s = _FIRST_PAUSE_S
        while (code := self.poll()) is None:
            if ends_at is not None and time.monotonic() > ends_at:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        return code

    def kill(self) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, SIGKILL)


def _run(program: Callable[[], None], its_in: int, its_out: int) -> None:
    """Never comes back: what we do at the end of a command is not for a fork to do."""
    code = 1
    try:
        os.dup2(its_in, 0)
        os.dup2(its_out, 1)
        os.closerange(3, its_out + 1)  # the last to be opened; up to the system's limit it may be a billion
        program()
        code = 0
    except KeyboardInterrupt:  # meant for who started us, who says so
        pass
    except BaseException:  # noqa: BLE001 — of a process that ends here
        traceback.print_exc()
    finally:
        os._exit(code)
