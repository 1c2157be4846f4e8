"""The classes of defects and their kinds, as config/taxonomy.toml lists them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bot.settings.resources import resource_text


@cache
def taxonomy_groups() -> Mapping[str, tuple[str, ...]]:
    """Group → its classes."""
    groups = tomllib.loads(resource_text("config/taxonomy.toml"))
    return MappingProxyType({name: tuple(classes) for name, classes in groups.items()})


@cache
def taxonomy() -> Mapping[str, tuple[str, ...]]:
    """Class → its kinds, in the order of the file: resilience first."""
    groups = tomllib.loads(resource_text("config/taxonomy.toml"))
    return MappingProxyType({name: tuple(kinds) for group in groups.values() for name, kinds in group.items()})
