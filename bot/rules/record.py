"""What came of a rule's findings on the histories of public projects: config/record.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.settings.resources import resource_text
from bot.settings.shipped_toml import shipped

FILE = "config/record.toml"
WORTH_SAYING = 0.8
"""The chance at which the next finding must be worth a comment."""
LOSS = "-removed"
"""How the rules are called that say what a change takes away."""
LOSS_WORTH_SAYING = 0.7
"""For those: of changes that broke something they tell most, and few are said at all."""
FEWEST_READ = 6
"""For a language to be judged by its own readings alone."""
FEWEST_HEARD = 3
"""For its own readings to speak for it where all languages do not; against it they speak from the first on."""


@dataclass(frozen=True)
class Reading:
    """How many findings of a rule in one language were read, and how many of them were worth a comment."""

    rule: str
    language: str
    read: int
    worth: int
    sort: str = ""
    """Of these alone; empty: of the rule, without those that have readings of their own."""


@cache
def is_said(rule: str, language: str, sort: str = "") -> bool:
    """True where a review may say what a rule finds: by the record of the sort where there is one, else by the rule's
    in this language, or in all where few were read.

    The chance that the next is worth a comment is (worth + 1) / (read + 2), by Laplace's rule of succession: three
    readings that were all worth it are enough, two are not, and a rule that nobody has read is a scan's alone. Where
    few were read of a language, what all languages give counts as two more readings of it.
    """
    least = LOSS_WORTH_SAYING if rule.endswith(LOSS) else WORTH_SAYING
    told = [one for one in readings() if one.rule == rule and not one.sort]
    of_sort = [one for one in readings() if (one.rule, one.language, one.sort) == (rule, language, sort) and sort]
    if of_sort:
        return _chance(of_sort, 0.5) >= least
    own = [one for one in told if one.language == language]
    read, alone = sum(one.read for one in own), _chance(own, 0.5)
    if read >= FEWEST_READ:
        return alone >= least
    in_all = _chance(told, 0.5)
    speaks_for_it = in_all if read < FEWEST_HEARD else max(in_all, alone)
    return min(speaks_for_it, _chance(own, in_all)) >= least


def _chance(told: Sequence[Reading], before: float) -> float:
    """`before`: what was held likely before anything was read; it weighs as two readings."""
    return (sum(one.worth for one in told) + 2 * before) / (sum(one.read for one in told) + 2)


@cache
def readings() -> tuple[Reading, ...]:
    rows = _record().get("reading", [])
    return tuple(Reading(row["rule"], row["language"], row["read"], row["worth"], row.get("sort", "")) for row in rows)


@cache
def _record() -> dict[str, Any]:
    return shipped(resource_text(FILE))
