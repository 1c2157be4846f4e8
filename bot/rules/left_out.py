"""Kinds of the taxonomy that no rule reports, each with the reason: config/left_out.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bot.settings.resources import resource_text


@cache
def left_out() -> Mapping[str, Mapping[str, str]]:
    """Group of reasons → class/kind → why no rule reports it."""
    groups = tomllib.loads(resource_text("config/left_out.toml"))
    return MappingProxyType({name: MappingProxyType(kinds) for name, kinds in groups.items()})


def why_left_out(name: str) -> str:
    """Why no rule reports the kind; empty for every other name."""
    return next((kinds[name] for kinds in left_out().values() if name in kinds), "")
