"""What came of a rule's findings on the histories of public projects: config/record.toml."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.settings.resources import resource_text
from bot.settings.shipped_toml import shipped

FILE = "config/record.toml"
WORTH_SAYING = 0.7
"""Share of the findings read that must have been worth a comment."""
FEWEST_READ = 6
"""For a language to be judged by its own readings alone."""


@dataclass(frozen=True)
class Reading:
    """How many findings of a rule in one language were read, and how many of them were worth a comment."""

    rule: str
    language: str
    read: int
    worth: int


@cache
def is_said(rule: str, language: str) -> bool:
    """True where a review may say what a rule finds: by its record in this language, or in all where few were read. A
    rule without a record is heard, unless it judges what only a record can prove."""
    own = [one for one in readings() if one.rule == rule and one.language == language]
    is_told_apart = rule in judging() or sum(one.read for one in own) >= FEWEST_READ
    told = own if is_told_apart else [one for one in readings() if one.rule == rule]
    if not told:
        return rule not in judging()
    return sum(one.worth for one in told) >= WORTH_SAYING * sum(one.read for one in told)


@cache
def readings() -> tuple[Reading, ...]:
    rows = _record().get("reading", [])
    return tuple(Reading(row["rule"], row["language"], row["read"], row["worth"]) for row in rows)


@cache
def judging() -> frozenset[str]:
    """Rules that judge by how things are mostly meant: in each language a scan's alone until a record speaks for it."""
    return frozenset(_record()["judges"]["rules"])


@cache
def _record() -> dict[str, Any]:
    return shipped(resource_text(FILE))
