"""A figure in words: what it is made of, and how it stands against the four weeks before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.weekly.facts import Facts
from bot.weekly.figure import Figure
from bot.weekly.week import Week

SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "flow": ("throughput", "cycle", "pickup", "review", "size", "merged-unreviewed", "stale", "blocked"),
    "delivery": ("deployments", "lead-time", "change-failure", "time-to-restore"),
    "value": ("posted", "precision", "time-to-fix", "escaped", "complete", "receipt-in-time", "model-cost"),
    "resilience": ("calls", "unprotected", "unprotected-added", "unprotected-removed"),
}
"""Group → the figures of its first table; the appendix has them all."""
_AGGREGATES: Final = {"p75": "75th percentile", "p90": "90th percentile"}
_SIGNS: Final = {"higher": "▲", "lower": "▼", "no clear change": "≈", "not enough": "·"}


def shown(group: str, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Of a group's figures, those of the first table, in its order."""
    by_name = {figure.name: figure for figure in figures}
    return tuple(by_name[name] for name in SHOWN.get(group, ()) if name in by_name)


def made_of(figure: Figure) -> str:
    """`median of 14, 2 missing`; why there is no value, where there is none."""
    missing = f", {figure.missing} missing" if figure.missing else ""
    if not figure.is_known:
        why = figure.why.partition(": ")[2] or figure.why
        return f"{why}; n = {figure.n}{missing}" if figure.n or missing else why
    if figure.aggregate in ("count", "sum") and figure.value == figure.n:
        return f"{figure.aggregate}{missing}"
    if figure.aggregate in ("count", "sum", "ratio"):
        return f"{figure.aggregate}, n = {figure.n}{missing}"
    return f"{_AGGREGATES.get(figure.aggregate, figure.aggregate)} of {figure.n}{missing}"


def against(figure: Figure) -> str:
    """`▼ from 5.1 h, better`; `≈ 5.1 h, no clear change`; `· 5.1 h, not compared` where there is too little.

    Sign and words say it, so no colour has to."""
    sign = _SIGNS[figure.change]
    before = figure.before.text if figure.before and figure.before.value is not None else ""
    if not before:
        return ""
    if figure.change in ("no clear change", "not enough"):
        return f"{sign} {before}, {'no clear change' if figure.change == 'no clear change' else 'not compared'}"
    judged = {True: ", better", False: ", worse", None: ""}[figure.is_better]
    return f"{sign} from {before}{judged}"


def days_of(facts: Facts) -> str:
    """`16 to 22 November 2026`, as the zone's calendar has it."""
    monday = Week(facts.week, ZoneInfo(facts.zone)).monday
    sunday = monday + timedelta(days=6)
    first = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%B}"
    first = first if monday.year == sunday.year else f"{first} {monday.year}"
    return f"{first} to {sunday.day} {sunday:%B %Y}"


def hours_as_days(hours: float) -> str:
    """`9 days`, `1 day`, `7 h`."""
    if hours < 24:
        return f"{hours:.0f} h"
    days = int(hours // 24)
    return f"{days} day{'s' if days != 1 else ''}"
