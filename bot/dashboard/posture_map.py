"""A posture map as rows for a page. The formats of bot.posture come with parsers, which the web server loads not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.posture import Dependency, PostureMap, Protection, ProtectionName, State

HEADINGS: Final[Mapping[ProtectionName, str]] = {
    "timeout": "Timeout",
    "retry": "Retry",
    "breaker": "Breaker",
    "bulkhead": "Bulkhead",
    "throttle": "Throttle",
    "fallback": "Fallback",
    "cancellation": "Cancellation",
    "metrics": "Metrics",
}
_SIGNS: Final = {State.YES: "✓", State.NO: "✗", State.UNKNOWN: "?"}
_WORDS: Final = {State.YES: "there", State.NO: "not there", State.UNKNOWN: "cannot be told"}
PLACES: Final = 4


@dataclass(frozen=True)
class Mark:
    """Red is for a missing timeout alone: a call may well need no breaker, and a page of alarms says nothing."""

    look: str
    sign: str
    words: str
    where: str


@dataclass(frozen=True)
class Line:
    name: str
    kind: str
    target: str
    places: Sequence[str]
    more: int
    marks: Sequence[Mark]


@dataclass(frozen=True)
class PostureShown:
    service: str
    at: str
    headings: Sequence[str]
    lines: Sequence[Line]
    unread: Sequence[str]
    calls: int
    unprotected: int


def posture_shown(posture: PostureMap, at: str) -> PostureShown:
    """Dependencies without a timeout first, then by name."""
    ordered = sorted(posture.dependencies, key=lambda one: (not _is_bare(one), one.name.casefold(), one.kind))
    return PostureShown(
        posture.service,
        at,
        tuple(HEADINGS.values()),
        tuple(_line(one) for one in ordered),
        posture.unread,
        posture.call_count,
        sum(len(one.sites) for one in posture.dependencies if _is_bare(one)),
    )


def _is_bare(dependency: Dependency) -> bool:
    return dependency.protections.timeout.state is State.NO


def _line(dependency: Dependency) -> Line:
    marks = tuple(_mark(name, protection) for name, protection in dependency.protections.by_name().items())
    places = tuple(site.place for site in dependency.sites[:PLACES])
    more = len(dependency.sites) - len(places)
    return Line(dependency.name, dependency.words, dependency.target, places, more, marks)


def _mark(name: ProtectionName, protection: Protection) -> Mark:
    look = {State.YES: "good", State.NO: "faint", State.UNKNOWN: "warn"}[protection.state]
    if name == "timeout" and protection.state is State.NO:
        look = "bad"
    if protection.is_there and protection.value == "for ever":
        look = "warn"
    said = protection.value if protection.is_there and protection.value else _WORDS[protection.state]
    return Mark(look, _SIGNS[protection.state], said, protection.where)
