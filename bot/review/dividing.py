"""Divides the changed code between questions: by file, then by hunk, at worst between lines, never inside one. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain import Patch
from bot.llm import estimate_tokens
from bot.redaction import masked_closely
from bot.review.excerpt import GAP, Excerpt, Extent, Hide, ScopeOf, ShownLine, excerpts
from bot.review.rewritten import Rewritten, as_they_are, rewritten_in

Kin = Mapping[str, frozenset[str]]
"""Changed file → changed files that it calls, or that call it."""


class CodePiece(NamedTuple):
    path: str
    text: str
    tokens: int
    lines: frozenset[int]
    """Of the head, as far as they are shown."""
    heading: str
    parts: tuple[Excerpt, ...]
    rewritten: tuple[Rewritten, ...] = ()
    """What would be told better as it is and as it was, than in one."""

    def with_before(self, rewritten: Sequence[Rewritten]) -> "CodePiece":
        """These functions as they are, and then as they were."""
        sections = "\n\n".join(one.section for one in rewritten)
        text = f"{_joined(self.heading, as_they_are(self.parts, rewritten))}\n\n{sections}"
        return self._replace(text=text, tokens=estimate_tokens(text + "\n\n"), rewritten=())


@dataclass
class Load:
    """The pieces of one question."""

    pieces: list[CodePiece] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.path for piece in self.pieces))

    @property
    def lines(self) -> dict[str, set[int]]:
        """Path → the lines shown."""
        shown: dict[str, set[int]] = {}
        for piece in self.pieces:
            shown.setdefault(piece.path, set()).update(piece.lines)
        return shown


@dataclass
class Divided:
    loads: list[Load] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    wanted: int = 0
    """How many questions it would take to show everything."""
    told_once: list[str] = field(default_factory=list)
    """Rewritten functions for whose text before there was no room, though it would have helped."""


def divide(
    patches: Sequence[Patch],
    contents: Mapping[str, bytes],
    room: int,
    most_loads: int,
    scope_of: ScopeOf,
    kin: Kin,
    extent: Extent,
    hide: Hide = masked_closely,
) -> Divided:
    """Loads of at most `room` tokens, in the order of the patches; a file goes where its kin are, if it fits there."""
    done = Divided()
    beyond = 0
    for patch in patches:
        parts = excerpts(patch, contents[patch.path], scope_of, extent, hide)
        for piece in _pieces(patch, parts, room, scope_of, extent, done):
            load = _load_for(piece, done.loads, room, kin.get(piece.path, frozenset()))
            if load is not None:
                load.pieces.append(piece)
            elif len(done.loads) < most_loads:
                done.loads.append(Load([piece]))
            else:
                beyond += piece.tokens
                done.left_out.append(f"{piece.path} (a review asks at most {most_loads} questions)")
    for load in done.loads:
        done.told_once += _tell_twice(load, room)
    done.wanted = len(done.loads) + -(-beyond // max(1, room))
    return done


def _tell_twice(load: Load, room: int) -> list[str]:
    """Adds what was before where there is room, the shortest first; gives the titles of the rest."""
    left = room - load.tokens
    chosen: set[Rewritten] = set()
    told_once = []
    for one in sorted((one for piece in load.pieces for one in piece.rewritten), key=lambda one: one.tokens):
        if one.tokens <= left:
            left -= one.tokens
            chosen.add(one)
        else:
            told_once.append(one.title)
    for at, piece in enumerate(load.pieces):
        if told := [one for one in piece.rewritten if one in chosen]:
            load.pieces[at] = piece.with_before(told)
    return told_once


def _load_for(piece: CodePiece, loads: Sequence[Load], room: int, kin: frozenset[str]) -> Load | None:
    fitting = [load for load in loads if load.tokens + piece.tokens <= room]
    related = (load for load in fitting if not kin.isdisjoint(load.paths) or piece.path in load.paths)
    last = loads[-1] if loads and loads[-1] in fitting else None
    return next(related, last)


def _pieces(
    patch: Patch, parts: Sequence[Excerpt], room: int, scope_of: ScopeOf, extent: Extent, done: Divided
) -> Iterator[CodePiece]:
    """The file as one piece, or hunk by hunk, or by lines, as it fits."""
    heading = _heading(patch)
    rewritten = rewritten_in(patch.path, parts, scope_of) if extent.shows_before else []
    whole = _piece(patch.path, heading, parts, rewritten)
    if whole.tokens <= room:
        yield whole
        return
    for part in parts:
        own = rewritten_in(patch.path, [part], scope_of) if rewritten else []
        piece = _piece(patch.path, heading, [part], own)
        if piece.tokens <= room:
            yield piece
        else:
            done.told_once += [one.title for one in own]
            yield from _cut_between_lines(patch.path, heading, part, room, done.left_out)


def _cut_between_lines(path: str, heading: str, part: Excerpt, room: int, left_out: list[str]) -> Iterator[CodePiece]:
    available = room - estimate_tokens(heading) - 1
    chunk: list[ShownLine] = []
    used, digits = 0, part.digits
    for line in part.lines:
        cost = estimate_tokens(line.shown(digits) + "\n")
        if cost > available:
            where = f"line {line.number}" if line.number else "a removed line"
            left_out.append(f"{path} ({where} alone is over llm.max_input_tokens)")
            continue
        if used + cost > available:
            yield from _changed(path, heading, chunk)
            chunk, used = [], 0
        chunk.append(line)
        used += cost
    yield from _changed(path, heading, chunk)


def _changed(path: str, heading: str, chunk: Sequence[ShownLine]) -> Iterator[CodePiece]:
    """A piece of these lines, if any of them changed."""
    if any(line.op != " " for line in chunk):
        yield _piece(path, heading, [Excerpt(tuple(chunk))])


def _piece(path: str, heading: str, parts: Sequence[Excerpt], rewritten: Sequence[Rewritten] = ()) -> CodePiece:
    text = _joined(heading, parts)
    lines = frozenset(line.number for part in parts for line in part.lines if line.number)
    return CodePiece(path, text, estimate_tokens(text + "\n\n"), lines, heading, tuple(parts), tuple(rewritten))


def _joined(heading: str, parts: Sequence[Excerpt]) -> str:
    return f"{heading}\n" + f"\n{GAP}\n".join(map(str, parts))


def _heading(patch: Patch) -> str:
    was = f" from {patch.old_path}" if patch.old_path and patch.old_path != patch.path else ""
    return f"### {patch.path} ({patch.status.value}{was})"
