"""The guarded process of a command that will need one, started when no more is loaded than both need.

Reading a change and getting ready to judge it then go on at once. What both need is loaded once where a process can be
forked: nothing is open yet and no thread runs. Nothing that is loaded becomes garbage, so nobody looks for any.
"""

import gc
import threading
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from bot.spawning import CAN_FORK, Fork, Process, do_without_plugins, spawn

_COMMANDS = ("review", "scan")
_BOTH_NEED = "bot.posture.scanning"
_FIRST = f"{__name__}:get_ready"
_started: list[Process] = []


def start(arguments: Sequence[str]) -> None:
    """Where the arguments of `seawall` name a command that reads code. It ends with us, needed or not."""
    if not arguments[:1] or arguments[0] not in _COMMANDS or {"--help", "-h"} & set(arguments):
        return
    gc.disable()
    do_without_plugins()
    if not CAN_FORK or threading.active_count() > 1:
        _started.append(spawn(_FIRST))
        return
    import_module(_BOTH_NEED)
    import_module("bot.syntax").all_languages()
    gc.freeze()
    guarded = import_module("bot.syntax.guarded")
    _started.append(Fork(partial(guarded.work, _FIRST)))


def take() -> Process | None:
    """The process, for the one guard of the command; None where none was started. From here on garbage is collected."""
    gc.freeze()
    gc.enable()
    return _started.pop() if _started else None


def get_ready() -> None:
    """Runs in the guarded process, while the change is read."""
    from bot.cli.likely import likely_paths
    from bot.posture.scanning import warm_up

    warm_up(likely_paths(Path.cwd()))
