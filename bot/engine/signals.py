"""The signals that ask a process to stop."""

import signal
import threading
from types import FrameType


def stop_event() -> threading.Event:
    """Set once SIGTERM or SIGINT arrives. For the main thread of a process, once."""
    event = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        event.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return event
