"""Who calls a function, and who is at the beginning of it: followed by name through all of the head, level by level.

A function that tests, commands at a terminal or pages in a browser alone reach costs a service nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain import Finding
from bot.domain.searching import Hit, Search
from bot.errors import SourceError
from bot.regex import regex
from bot.review.stages import Desk
from bot.rules.mentions import PAGES, Caller, Mention, mentions_in
from bot.rules.places import is_of_node
from bot.rules.staying import may_be_asked_about
from bot.syntax import is_test_path, parse

PYTHON, SCRIPTS, GO = (".py",), (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", *PAGES), (".go",)
FAMILIES = (PYTHON, SCRIPTS, GO)
"""Files that call each other."""
_SPEAKS_OF = (
    *(".md", ".mdx", ".rst", ".txt", ".adoc", ".html", ".j2", ".sh", ".ipynb", ".pyi"),
    *(".toml", ".cfg", ".ini", ".yaml", ".yml", ".json"),
)
"""What is documented, or named in settings, somebody may call whom the repository does not show."""
_NO_CALLERS = frozenset({Caller.TEST, Caller.NOBODY, Caller.NAMESAKE})
LEVELS = 6
"""How far to look for who calls what calls the function."""
MOST_NAMES = 40
MOST_LINES = 60
"""Of one name: a name that stands in more places is too common to be followed."""
MOST_FILES = 60
"""To be read for one level."""


_OTHERWISE = ("main", "init", "constructor", "handler", "run", "default")
_WORD = regex(r"\w+")


class Place(NamedTuple):
    """A function: its file and its qualified name."""

    path: str
    scope: str

    @property
    def name(self) -> str:
        return self.scope.rpartition(".")[2]


@dataclass
class _Known:
    """What was found out of one function."""

    ends: set[Caller] = field(default_factory=set)
    called_by: set[Place] = field(default_factory=set)


def family_of(path: str) -> tuple[str, ...]:
    return next((family for family in FAMILIES if path.endswith(family)), ())


def callers_of(findings: Iterable[Finding], desk: Desk, search: Search) -> Mapping[Place, frozenset[Caller]]:
    """Who is at the beginning of all that leads to the functions around the findings.

    A function of which that cannot be told is missing: a framework may call it, it stays, what calls it leads too far,
    or nothing calls it yet. One that tests alone reach, but that is documented or named in settings, is missing too.
    """
    places = sorted({Place(one.path, one.scope) for one in findings if one.scope and family_of(one.path)})[:MOST_NAMES]
    asked = [(one.path, desk.snapshot.contents[one.path], one.scope) for one in places]
    can_be_told = desk.guard.map(read_may_be_asked, asked)
    starts = [place for place, answer in zip(places, can_be_told, strict=True) if answer is True]
    try:
        found = {
            place: ends
            for family in FAMILIES
            for place, ends in _walk([one for one in starts if one.path.endswith(family)], family, desk, search).items()
        }
        told = {place: ends for place, ends in found.items() if Caller.UNKNOWN not in ends}
        return {
            place: ends - {Caller.NAMESAKE, Caller.NOBODY}
            for place, ends in told.items()
            if not (ends <= _NO_CALLERS and (Caller.NAMESAKE in ends or search.find([place.name], _SPEAKS_OF)))
            and not (Caller.PAGE in ends and is_of_node(desk.snapshot.contents[place.path]))
        }
    except SourceError:
        return {}


def _walk(
    starts: Sequence[Place], family: tuple[str, ...], desk: Desk, search: Search
) -> dict[Place, frozenset[Caller]]:
    known: dict[Place, _Known] = {}
    near = list(starts)
    for _ in range(LEVELS):
        if not near:
            break
        known |= _callers(near, family, desk, search)
        open_ones = {place for start in starts for place in _above(start, known)}
        near = sorted(open_ones - known.keys())
    return {place: _ends(place, known) for place in starts}


def _above(start: Place, known: Mapping[Place, _Known]) -> frozenset[Place]:
    """All that leads to it, as far as it was followed; nothing where it is told already that it cannot be."""
    seen, near = {start}, [start]
    while near:
        one = known.get(near.pop(), _Known())
        if Caller.UNKNOWN in one.ends:
            return frozenset()
        near += one.called_by - seen
        seen |= one.called_by
    return frozenset(seen)


def _ends(start: Place, known: Mapping[Place, _Known]) -> frozenset[Caller]:
    """An end that cannot be told is a service's: what nothing calls a framework may, or whoever uses the library."""
    places = _above(start, known)
    is_followed = all(place in known and (known[place].ends or known[place].called_by) for place in places)
    if not places or not is_followed:
        return frozenset({Caller.UNKNOWN})
    return frozenset().union(*(known[place].ends for place in places))


def _callers(places: Sequence[Place], family: tuple[str, ...], desk: Desk, search: Search) -> dict[Place, _Known]:
    """One level."""
    found = {place: _Known() for place in places}
    names = sorted({place.name for place in places})[:MOST_NAMES]
    by_name: dict[str, list[Hit]] = defaultdict(list)
    for hit in search.find(names, family):
        for name in _WORD.findall(hit.text):
            by_name[name].append(hit)
    ends: dict[str, set[Caller]] = defaultdict(set)
    wanted: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        others = [hit for hit in dict.fromkeys(by_name[name]) if not is_test_path(hit.path)]
        if any(is_test_path(hit.path) for hit in by_name[name]):
            ends[name].add(Caller.TEST)
        if len(others) > MOST_LINES:
            ends[name].add(Caller.UNKNOWN)
            continue
        for hit in others:
            if hit.path.endswith((".vue", ".svelte")):
                if re.search(rf"\b{name}\(", hit.text):
                    ends[name].add(Caller.PAGE)
            else:
                wanted[hit.path].append((hit.line, name))
    called_by = _read(wanted, ends, places, desk, search)
    for place, one in found.items():
        is_followed = place.name in names
        one.ends = ends[place.name] if is_followed else {Caller.UNKNOWN}
        one.called_by = called_by[place.name] - {place}
    return found


def _read(
    wanted: Mapping[str, list[tuple[int, str]]],
    ends: dict[str, set[Caller]],
    places: Sequence[Place],
    desk: Desk,
    search: Search,
) -> dict[str, set[Place]]:
    """The functions that call each of the names; what else calls them is added to its ends."""
    called_by: dict[str, set[Place]] = defaultdict(set)
    if len(wanted) > MOST_FILES:
        for place in places:
            ends[place.name].add(Caller.UNKNOWN)
        return called_by
    texts = search.read(sorted(wanted))
    asked = [(path, texts.get(path, b""), tuple(lines)) for path, lines in sorted(wanted.items())]
    for (path, _, lines), mentions in zip(asked, desk.guard.map(read_mentions, asked), strict=True):
        if not isinstance(mentions, tuple):
            for _, name in lines:
                ends[name].add(Caller.UNKNOWN)
            continue
        for one in mentions:
            if one.caller is Caller.FUNCTION:
                called_by[one.name].add(Place(path, one.scope))
            elif one.caller is not Caller.NAMESAKE or Place(path, one.scope) not in places:
                ends[one.name].add(one.caller)
    return called_by


def read_may_be_asked(asked: tuple[str, bytes, str]) -> bool:
    """Runs in a guarded process. Whether the callers of a function tell what it costs."""
    path, content, scope = asked
    file = parse(path, content)
    found = [one for one in file.functions if one.qualified_name == scope] if file is not None else []
    named = [one for one in found if one.name == scope.rpartition(".")[2] and not _is_nameless(one.name)]
    return len(named) == 1 and may_be_asked_about(named[0])


def _is_nameless(name: str) -> bool:
    """What is called by another name than its own, or cannot be looked for."""
    return name in _OTHERWISE or name.startswith("__") or not _WORD.fullmatch(name)


def read_mentions(asked: tuple[str, bytes, tuple[tuple[int, str], ...]]) -> tuple[Mention, ...] | None:
    """Runs in a guarded process. What the file does with the names at these lines; None where it cannot be read."""
    path, content, wanted = asked
    file = parse(path, content)
    return tuple(mentions_in(file, list(wanted))) if file is not None else None
