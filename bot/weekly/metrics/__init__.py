"""The groups of figures, one file each: a file's GROUP says its title, the question it answers and its metrics."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bot.weekly.metric import MetricGroup


@cache
def groups() -> tuple[MetricGroup, ...]:
    """In the order in which they are told."""
    found = [import_module(f"{__name__}.{module.name}").GROUP for module in iter_modules(__path__)]
    return tuple(sorted(found, key=lambda group: group.order))
