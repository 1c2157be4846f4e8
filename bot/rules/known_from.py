"""Where a kind of defect is known from: config/known_from.toml, looked up by rule."""

from dataclasses import dataclass
from functools import cache

from bot.settings.resources import resource_text
from bot.settings.shipped_toml import shipped

FILE = "config/known_from.toml"


@dataclass(frozen=True)
class KnownFrom:
    """A public incident, a study, or the page that teaches the pattern."""

    about: tuple[str, ...]
    """Classes, and rules as class/kind."""
    tells: str
    page: str
    """Author: title."""
    url: str


def sources_of(rule: str) -> tuple[KnownFrom, ...]:
    """What tells of the very kind, then what tells of its class."""
    class_ = rule.split("/")[0]
    of_kind = [one for one in all_sources() if rule in one.about]
    return (*of_kind, *(one for one in all_sources() if class_ in one.about and one not in of_kind))


@cache
def all_sources() -> tuple[KnownFrom, ...]:
    rows = shipped(resource_text(FILE))["source"]
    return tuple(KnownFrom(tuple(row["about"]), row["tells"], row["page"], row["url"]) for row in rows)
