"""What runs inside a guarded process: it takes one task after the other from its standard input and answers each on
its standard output. It imports what the tasks need and nothing else."""

import gc
import importlib
import os
import pickle
import signal
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

HEADER = struct.Struct(">Q")
"""Before each answer: its length in bytes."""
PATIENCE = 6
"""A task may take so many times its processor time by the clock: on a machine with much to do nothing is slow by its
own fault. Whoever waits for us measures that; our own alarm, a little later, is for the case that nobody does."""
TOOK_TOO_LONG = signal.SIGPROF
"""What ends a process whose task has used up its processor time, inside native code too."""
_GRACE_S = 5
_NEW_OBJECTS = 20_000
"""So many come before the collector looks: about what one file is made of, nearly all of which is needed to its end."""
_THIS_TASK = 1
"""The generation that what a task leaves behind is in. Files hold themselves: without a look after each task, several
that nobody needs are in memory beside the one that is read."""


def work(first: str = "") -> None:
    """Reads its limits (processor seconds a task, megabytes), says that it is there by an answer of no bytes, then
    works until its standard input ends. `first` is a function, `module:name`, that is called before all that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the keyboard speaks to who started us, and ends us by that
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a task prints is no answer
    if first:
        gc.disable()
        module, _, name = first.partition(":")
        getattr(importlib.import_module(module), name)()
        settle()
    try:
        timeout_s, memory_mb = pickle.load(tasks)  # noqa: S301 — from our own parent
    except EOFError:
        return
    _limit_memory(memory_mb)
    _send(answers, b"")
    has_settled = bool(first)
    while True:
        try:
            function, item = pickle.load(tasks)  # noqa: S301 — from our own parent
        except EOFError:
            return
        _limit_time(timeout_s, PATIENCE * timeout_s + _GRACE_S)
        answer = _answer(function, item)
        _limit_time(0, 0)
        _send(answers, answer)
        if has_settled:
            gc.collect(_THIS_TASK)
        else:
            settle()
            has_settled = True


def settle() -> None:
    """What is loaded by now stays: the collector need not walk over it again with every few files."""
    if gc.isenabled():
        gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()


def _answer(function: Callable[[Any], Any], item: object) -> bytes:
    """A pickled pair: `("done", result)`, `("memory", "")` or `("failed", reason)`."""
    try:
        return pickle.dumps(("done", function(item)))
    except MemoryError:
        return pickle.dumps(("memory", ""))
    except Exception as failed:  # noqa: BLE001 — whatever a task raises is its result
        return pickle.dumps(("failed", f"{type(failed).__name__}: {failed}"[:300]))


def _send(answers: BinaryIO, answer: bytes) -> None:
    answers.write(HEADER.pack(len(answer)) + answer)
    answers.flush()


def _limit_time(processor_s: float, clock_s: float) -> None:
    """Both signals end the process where it stands. 0 lifts them."""
    signal.setitimer(signal.ITIMER_PROF, processor_s)
    signal.setitimer(signal.ITIMER_REAL, clock_s)


def _limit_memory(megabytes: int) -> None:
    """Where the platform knows no such limit the time limit stands alone."""
    try:
        import resource

        size = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return
