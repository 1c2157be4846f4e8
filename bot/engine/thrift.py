"""Memory that is not taken."""

import contextlib
import ctypes
import sys
from types import ModuleType

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


def take_text_for_utf8() -> None:
    """What requests brings to guess the encoding of an answer that names none takes three megabytes; who answers us
    speaks JSON, which is UTF-8. Call it before requests is loaded: later it changes nothing.
    """
    name = "charset_normalizer"
    if not {name, "requests"} & sys.modules.keys():
        sys.modules[name] = certain = ModuleType(name)
        vars(certain).update(__version__="3.0.0", detect=lambda _answer: {"encoding": "utf-8"})
