"""The guarded process of a command that will need one, started before the command is loaded: both load at once."""

import subprocess
from collections.abc import Sequence

from bot.spawning import spawn

_COMMANDS = ("review", "scan")
_FIRST = "bot.posture.scanning:warm_up"
_started: "list[subprocess.Popen[bytes]]" = []


def start(arguments: Sequence[str]) -> None:
    """Where the arguments of `seawall` name a command that reads code. It ends with us, needed or not."""
    if arguments[:1] and arguments[0] in _COMMANDS and not {"--help", "-h"} & set(arguments):
        _started.append(spawn(_FIRST))


def take() -> "subprocess.Popen[bytes] | None":
    """The process, for the one guard of the command; None where none was started."""
    return _started.pop() if _started else None
