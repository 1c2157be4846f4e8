"""One child process: forked, heard, stopped. It says that it is ready by a line of JSON with the key `ready`, and why
it could not be by one with the key `failed`; what it logs goes where its parent's log goes.

The parent must have one thread and no connection of its own. The standard library alone: the supervisor is small.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_POLL_S = 0.05
_KILLED_S = 10.0
_NOT_FOUND = 127
"""The exit code of a shell that cannot find a program."""


class Child:
    """`ready`: what it said when it was ready, None until then. `failure`: why it could not be, as far as it said."""

    def __init__(self, pid: int, hand: int, ear: int, started_at: float) -> None:
        """`hand`: the end of its leash that we hold. `ear`: where we read what it says, without waiting. `started_at`
        is monotonic."""
        self.pid = pid
        self.started_at = started_at
        self.ready: dict[str, object] | None = None
        self.failure = ""
        self.fds: tuple[int, ...] = (hand, ear)
        """Its leash and its pipe, as long as it lives."""
        self._unread = b""
        self._exit_code: int | None = None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; below 0 where a signal ended it."""
        if self._exit_code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self._exit_code = os.waitstatus_to_exitcode(status)
                self.hear()
                self.forget()
        return self._exit_code

    def hear(self) -> None:
        """Takes in what it has said since; lines that are not for us are passed on."""
        if not self.fds:
            return
        try:
            while said := os.read(self.fds[1], 65536):
                self._unread += said
        except BlockingIOError:
            pass
        *lines, self._unread = self._unread.split(b"\n")
        for line in lines:
            words = _words(line)
            if "ready" in words:
                self.ready = words
            elif "failed" in words:
                self.failure = str(words["failed"])
            else:
                print(line.decode(errors="replace"), flush=True)

    def forget(self) -> None:
        """Lets go of its leash and its pipe."""
        for fd in self.fds:
            os.close(fd)
        self.fds = ()

    def terminate(self) -> None:
        if self.exit_code is None:
            os.kill(self.pid, signal.SIGTERM)

    def await_end(self, limit_s: float) -> None:
        """Waits for its end, and kills it where that does not come."""
        if not self._ends_within(limit_s):
            os.kill(self.pid, signal.SIGKILL)
            self._ends_within(_KILLED_S)

    def _ends_within(self, limit_s: float) -> bool:
        ends = time.monotonic() + limit_s
        while self.exit_code is None:
            if time.monotonic() > ends:
                return False
            time.sleep(_POLL_S)
            self.hear()
        return True


def bear(siblings: Iterable[Child], others: Iterable[int] = ()) -> Child | None:
    """A forked process, held by its leash; None in the new process itself, whose standard output is its parent's ear.

    `others`: open files that are not for it. Raises OSError where the machine has no room for one.
    """
    leash, hand = os.pipe()
    ear, mouth = os.pipe()
    os.set_blocking(ear, False)
    sys.stdout.flush()
    sys.stderr.flush()
    with _signals_wait():
        try:
            pid = os.fork()
        except OSError:
            for fd in (leash, hand, ear, mouth):
                os.close(fd)
            raise
        if pid:
            os.close(leash)
            os.close(mouth)
            return Child(pid, hand, ear, time.monotonic())
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # ours would tell the parent, and the child would not hear it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})  # the parent may not want them yet
    os.setsid()  # an interrupt from the keyboard comes to the supervisor alone, which passes it on
    os.dup2(leash, 0)
    os.dup2(mouth, 1)
    for fd in (leash, hand, ear, mouth, *others):
        os.close(fd)
    for sibling in siblings:
        sibling.forget()  # else its leash would be held by two
    return None


def start(command: list[str], siblings: Iterable[Child], passes: int | None = None) -> Child:
    """A program as a child. It takes its leash, its standard input, itself. `passes`: an open file that is for it.

    Raises OSError where the machine has no room for one.
    """
    if child := bear(siblings):
        return child
    try:
        if passes is not None:
            os.set_inheritable(passes, True)
        os.execv(command[0], command)  # noqa: S606 — our own program
    except OSError as failed:
        print(json.dumps({"failed": f"{command[0]} cannot be run: {failed}"}), flush=True)
    os._exit(_NOT_FOUND)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """A signal that comes between the fork and the child's own handlers is not lost."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _words(line: bytes) -> dict[str, object]:
    try:
        words = json.loads(line)
    except ValueError:
        return {}
    return words if isinstance(words, dict) else {}
