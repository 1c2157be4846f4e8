"""Memory that is not taken."""

import contextlib
import ctypes
import sys

_M_ARENA_MAX = -8
"""Of glibc's `mallopt(3)`."""
_ARENAS = 2


def share_arenas() -> None:
    """The threads of this process share two heaps, where glibc would make up to eight for each processor.

    They wait for the interpreter's lock anyway, not for a heap's. Where the system's library is another, nothing.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
