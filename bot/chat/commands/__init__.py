"""The drawer of commands: every command of every file here, found by itself. Its examples are its tests."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from bot.chat.command import Command


@cache
def commands() -> Mapping[str, Command]:
    """Name → command, in the order help lists them."""
    found: list[Command] = []
    for module in pkgutil.iter_modules(__path__):
        things = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        found += [
            thing()
            for thing in things
            if isinstance(thing, type)
            and issubclass(thing, Command)
            and thing.__module__ == f"{__name__}.{module.name}"
        ]
    return {command.name: command for command in sorted(found, key=lambda command: command.name)}
