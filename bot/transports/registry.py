"""The chat systems: every file of this folder that holds one is one, found by itself."""

import importlib
import pkgutil
from functools import cache

from bot import transports
from bot.domain import Person, Place, Reply
from bot.errors import Forbidden
from bot.settings import Settings
from bot.transports.system import ChatSystem


@cache
def chat_systems() -> tuple[ChatSystem, ...]:
    """One of each, by name."""
    found: list[ChatSystem] = []
    for module in pkgutil.iter_modules(transports.__path__, f"{transports.__name__}."):
        if module.name == __name__ or module.ispkg:
            continue
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, ChatSystem) and thing.__module__ == module.name:
                found += [] if thing is ChatSystem else [thing()]
    return tuple(sorted(found, key=lambda system: system.name))


def deliver(place: Place, reply: Reply, settings: Settings, person: Person | None = None) -> None:
    """Says the answer in the chat system where the command was given. Raises as ChatSystem.deliver; errors.Forbidden
    for a place that is in none (GitHub, a terminal).
    """
    for system in chat_systems():
        if system.name == place.transport:
            system.deliver(place, reply, settings, person)
            return
    raise Forbidden(f"Nothing is delivered to {place.transport} from here.")
