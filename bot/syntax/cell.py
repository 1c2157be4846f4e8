"""A guarded process as seen from outside: one task at a time, each with a deadline."""

import os
import pickle
import select
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.spawning import Process, spawn
from bot.syntax.guarded import HEADER, PATIENCE, TOOK_TOO_LONG

START_S = 60.0
"""How long a new process may take on a busy machine, beside the time of its task."""
_END_S = 10.0
_CHUNK = 65536


class TooLate(Exception):
    """The task took longer than it may, by its processor time or by the clock; its process is gone."""


class Died(Exception):
    """`args[0]`: the exit code, below 0 where a signal ended it. `has_started` tells whether it ever took tasks."""

    def __init__(self, exit_code: int | None, has_started: bool) -> None:
        super().__init__(exit_code)
        self.has_started = has_started


class Cell:
    """Starts the process, or takes over one that is there already. `timeout_s` is processor time; by the clock a
    task may take longer."""

    def __init__(self, timeout_s: float, memory_mb: int, process: Process | None = None) -> None:
        self.tasks = 0
        self._timeout_s = timeout_s
        self._limits = pickle.dumps((timeout_s, memory_mb))
        self._has_started = False
        self._process = process or spawn()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, function: Callable[[Any], Any], item: object) -> tuple[str, Any]:
        """What `guarded` answers, unpickled. Raises TooLate or Died, and then the process is gone."""
        task = pickle.dumps((function, item))
        if not self._has_started:
            self._await_start()
        self.tasks += 1
        kind, result = pickle.loads(self._exchange(task, PATIENCE * self._timeout_s))  # noqa: S301 — of domain records
        return str(kind), result

    def close(self) -> None:
        """Kills the process and lets go of its pipes. For whoever uses it, when it is used no more."""
        self.end()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()

    def end(self) -> None:
        """Kills the process. May be called again, and from another thread."""
        self._process.kill()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:  # pragma: no cover — a process that not even SIGKILL ends at once
            return

    def _await_start(self) -> None:
        try:
            self._exchange(self._limits, START_S)
        except TooLate:
            raise Died(None, has_started=False) from None
        self._has_started = True

    def _exchange(self, task: bytes, timeout_s: float) -> bytes:
        """Sends a task and gives the answer's bytes."""
        ends = time.monotonic() + timeout_s
        unsent, answer, wanted = memoryview(task), bytearray(), HEADER.size
        while len(answer) < wanted:
            poll = select.poll()
            poll.register(self._out, select.POLLIN)
            if unsent:
                poll.register(self._in, select.POLLOUT)
            left_s = ends - time.monotonic()
            ready = dict(poll.poll(left_s * 1000)) if left_s > 0 else {}
            if not ready:
                self.end()
                raise TooLate
            try:
                if self._in in ready:
                    unsent = unsent[os.write(self._in, unsent[:_CHUNK]) :]
                if self._out in ready:
                    chunk = os.read(self._out, _CHUNK)
                    if not chunk:
                        raise BrokenPipeError
                    answer += chunk
            except BlockingIOError:
                continue
            except OSError:
                self._process.poll()
                self.end()
                if self._process.returncode == -TOOK_TOO_LONG:
                    raise TooLate from None
                raise Died(self._process.returncode, self._has_started) from None
            if len(answer) >= HEADER.size:
                wanted = HEADER.size + HEADER.unpack_from(answer)[0]
        return bytes(answer[HEADER.size :])
