"""The signals that ask a process to stop."""

import signal
from collections.abc import Callable
from queue import Empty, SimpleQueue

LOOK_S = 1.0
"""A signal that comes just before a wait begins ends none: its handler runs when the wait is next looked up from."""


def stop_signal() -> Callable[[], None]:
    """What returns once SIGTERM or SIGINT has arrived, before it is called or while it waits. For the main thread of a
    process, once.

    The handler runs in the middle of whatever the main thread does, its wait included: it must take no lock that the
    wait takes, as the one of a `threading.Event` is, which then hangs for good. `SimpleQueue.put` may be entered anew.
    """
    told: SimpleQueue[None] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: told.put(None))

    def wait() -> None:
        while True:
            try:
                return told.get(timeout=LOOK_S)
            except Empty:
                continue

    return wait
