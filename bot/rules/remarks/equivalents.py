"""The names by which other linters know what a rule of ours finds, as their remarks spell them."""

import re
from collections.abc import Iterator
from functools import cache

from bot.regex import regex

Names = frozenset[str]
_ENTRY = regex(r"^(?P<linter>[a-z-]+):(?P<codes>[^\[]+)(?:\[(?P<where>.+)\])?$")
_SECURITY = regex(r"^S(\d{3})$")
_TWINS = {
    "B006": ("W0102", "dangerous-default-value"),
    "B012": ("W0134", "return-in-finally", "W0150", "lost-exception"),
    "BLE001": ("E722", "W0702", "bare-except", "W0718", "broad-exception-caught", "W0703", "broad-except"),
    "PLW0133": ("W0133", "pointless-exception-statement"),
    "S110": ("SIM105",),
    "S113": ("W3101", "missing-timeout"),
    "SIM115": ("R1732", "consider-using-with"),
}
"""A rule of ruff → those of flake8 and Pylint that say the same."""


@cache
def names_of(covered_by: tuple[str, ...]) -> tuple[tuple[Names, str], ...]:
    """(names in lower case, text that the quoted code must hold) of each entry of a rule's `covered_by`."""
    found = []
    for entry in covered_by:
        if (parts := _ENTRY.match(entry)) is not None:
            names = frozenset(name.lower() for name in _names(parts["linter"], parts["codes"].split("+")))
            found.append((names, parts["where"] or ""))
    return tuple(found)


def _names(linter: str, codes: list[str]) -> Iterator[str]:
    for code in codes:
        rule = code.rsplit(":", 1)[-1]
        yield rule
        if linter == "ruff":
            yield from _TWINS.get(rule, ())
            yield from (f"B{number}" for number in _SECURITY.findall(rule))  # bandit's number
        elif linter == "eslint":
            plain = rule.rsplit("/", 1)[-1]
            yield from (plain, re.sub(r"-(\w)", lambda sign: sign[1].upper(), plain))  # Biome's spelling
        elif linter in ("govet", "staticcheck", "gosec"):
            yield linter
        elif linter == "sonar":
            yield from (f"{language}:{rule}" for language in ("java", "squid", "python", "javascript", "typescript"))
        elif linter in ("detekt", "clippy"):
            yield from (f"{linter}:{rule}", f"{linter}::{rule}")
