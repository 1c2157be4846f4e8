"""Gathers what stands around a change: one search, a few files read, each parsed in the guarded processes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import Patch
from bot.domain.searching import MayShow, Search, everything
from bot.errors import GuardError, SourceError
from bot.redaction import masked_closely
from bot.review.excerpt import Hide
from bot.review.surroundings import showing
from bot.review.surroundings.changed import changed_lines, taken_away
from bot.review.surroundings.lines import ShownLines
from bot.review.surroundings.matching import (
    Candidate,
    Hits,
    callers_of,
    definitions_of,
    siblings_of,
    values_of,
)
from bot.review.surroundings.piece import Piece
from bot.review.surroundings.reading import Facts, Found, found_in, read_found
from bot.review.surroundings.wanted import Called, Callee, Method, Wanted, wanted_of
from bot.syntax import is_test_path, language_of
from bot.syntax.guard import Guard

MOST_FILES = 20
"""Unchanged files that are parsed for one review."""
MOST_BYTES = 1_500_000
MOST_CALLERS, MOST_TESTS = 6, 3
"""Of one function."""
_CONFIGURATION = (".toml", ".yaml", ".yml", ".ini", ".cfg", ".properties", ".conf")


@dataclass(frozen=True)
class Gathered:
    pieces: tuple[Piece, ...] = ()
    note: str = ""
    """What a reader of the receipt must know: why nothing, or not all, was searched."""


@dataclass(frozen=True)
class _Chosen:
    """Places worth showing, each with what it is for."""

    callees: Sequence[tuple[Callee, Candidate]]
    callers: Sequence[tuple[Called, Candidate]]
    siblings: Sequence[tuple[Method, Candidate]]
    values: Sequence[tuple[Callee, Candidate]]

    @property
    def parsed(self) -> list[Candidate]:
        """The likeliest first; values need no parser."""
        pairs = (*self.callees, *self.callers, *self.siblings)
        return sorted((place for _, place in pairs), key=lambda place: (-place.nearness, place.path, place.line))


def gather(
    facts: Sequence[Facts],
    patches: Iterable[Patch],
    contents: Mapping[str, bytes],
    search: Search,
    guard: Guard,
    may_show: MayShow = everything,
    hide: Hide = masked_closely,
) -> Gathered:
    """The pieces around the change. `contents`: the head of the changed files; `hide` is applied to all that is shown.

    Never raises for a search that fails.
    """
    patches = [patch for patch in patches if patch.path in contents]
    changed = {patch.path: changed_lines(patch) for patch in patches}
    wanted = wanted_of(facts, changed, {patch.path: taken_away(patch) for patch in patches})
    suffixes = _suffixes(contents, has_constants=bool(wanted.constants))
    try:
        found = search.find(sorted(wanted.names), suffixes) if suffixes else ()
        shown = {path: path in contents or may_show(path, None) for path in {hit.path for hit in found}}
        hits = Hits((hit for hit in found if shown[hit.path]), wanted.names)
        chosen = _choose(wanted, hits, changed)
        texts = dict(contents) | _read(search, chosen, contents, may_show)
    except SourceError as failure:
        return Gathered(note=f"The code around the change could not be searched: {failure}")
    parsed = _parse(guard, chosen, texts, {fact.path: fact for fact in facts})
    shown_paths = sorted({*parsed, *_paths(chosen.values)} & texts.keys())
    lines = {path: ShownLines(path, texts[path], hide) for path in shown_paths}
    lines |= {fact.path: ShownLines(fact.path, contents[fact.path], hide) for fact in facts if fact.touched}
    pieces = [
        *showing.callees(chosen.callees, parsed, lines),
        *showing.callers(chosen.callers, parsed, lines),
        *showing.siblings(chosen.siblings, parsed, lines),
        *showing.values(chosen.values, lines),
        *showing.classes(facts, lines),
    ]
    return Gathered(tuple(sorted(pieces, key=lambda piece: (piece.path, piece.line, piece.kind, piece.name))))


def _suffixes(contents: Mapping[str, bytes], has_constants: bool) -> list[str]:
    """Of the languages of the changed files; where a value is looked for, of configuration too."""
    languages = {language for path in contents if (language := language_of(path)) is not None and language.is_code}
    suffixes = {suffix for language in languages for suffix in language.suffixes}
    if any(suffix in suffixes for suffix in (".js", ".ts")):
        suffixes |= {".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs"}
    return sorted(suffixes | set(_CONFIGURATION if has_constants and suffixes else ()))


def _choose(wanted: Wanted, hits: Hits, changed: Mapping[str, frozenset[int]]) -> _Chosen:
    callers = []
    for called in wanted.called:
        places = callers_of(called, hits, changed)
        ordinary = [place for place in places if not is_test_path(place.path)]
        tests = [place for place in places if is_test_path(place.path)]
        callers += [(called, place) for place in (*ordinary[:MOST_CALLERS], *tests[:MOST_TESTS])]
    return _Chosen(
        callees=[(callee, place) for callee in wanted.callees for place in definitions_of(callee, hits, wanted)],
        callers=callers,
        siblings=[(method, place) for method in wanted.methods for place in siblings_of(method, hits)],
        values=[(constant, place) for constant in wanted.constants for place in values_of(constant, hits)],
    )


def _read(search: Search, chosen: _Chosen, contents: Mapping[str, bytes], may_show: MayShow) -> dict[str, bytes]:
    """The unchanged files that are worth it, within the limits."""
    paths = dict.fromkeys(place.path for place in chosen.parsed if place.path not in contents)
    values = dict.fromkeys(place.path for _, place in chosen.values if place.path not in contents)
    wanted = [*paths][:MOST_FILES] + [path for path in values if path not in paths][: MOST_FILES // 2]
    read = search.read(wanted) if wanted else {}
    kept: dict[str, bytes] = {}
    left = MOST_BYTES
    for path in wanted:
        if path in read and may_show(path, read[path]) and (left := left - len(read[path])) >= 0:
            kept[path] = read[path]
    return kept


def _parse(guard: Guard, chosen: _Chosen, texts: Mapping[str, bytes], facts: Mapping[str, Facts]) -> dict[str, Found]:
    names: dict[str, set[str]] = {}
    lines: dict[str, set[int]] = {}
    for place in chosen.parsed:
        names.setdefault(place.path, set()).add(place.name)
        lines.setdefault(place.path, set()).add(place.line)
    known = {
        path: found_in(facts[path], frozenset(names[path]), frozenset(lines[path])) for path in names if path in facts
    }
    asked = [
        (path, texts[path], frozenset(names[path]), frozenset(lines[path]))
        for path in sorted(names)
        if path in texts and path not in known
    ]
    answers = zip((path for path, *_ in asked), guard.map(read_found, asked), strict=True)
    return known | {path: found for path, found in answers if not isinstance(found, GuardError)}


def _paths(pairs: Sequence[tuple[Callee, Candidate]]) -> set[str]:
    return {place.path for _, place in pairs}
