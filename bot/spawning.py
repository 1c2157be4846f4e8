"""Starts guarded processes. It stands alone, so that a command can start one before it has loaded anything itself."""

import subprocess
import sys

_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from bot.syntax.guarded import work; work(sys.argv[1])"


def spawn(first: str = "") -> "subprocess.Popen[bytes]":
    """A process of its own and no fork: what the service has open stays outside.

    `first`, such as `bot.rules.scan:warm_up`, is called before it is told its limits and takes tasks. It ends when its
    standard input does.
    """
    return subprocess.Popen(  # noqa: S603 — our own program
        [sys.executable, "-c", _PROGRAM, first, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
