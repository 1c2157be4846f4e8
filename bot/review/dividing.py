"""Divides the changed code between questions: by file, then by hunk, at worst between lines, never inside one. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain import Patch
from bot.llm import estimate_tokens
from bot.review.excerpt import Excerpt, Extent, ScopeOf, ShownLine, excerpts

Kin = Mapping[str, frozenset[str]]
"""Changed file → changed files that it calls, or that call it."""


class CodePiece(NamedTuple):
    path: str
    text: str
    tokens: int
    lines: frozenset[int]
    """Of the head, as far as they are shown."""


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


def divide(
    patches: Sequence[Patch],
    contents: Mapping[str, bytes],
    room: int,
    most_loads: int,
    scope_of: ScopeOf,
    kin: Kin,
    extent: Extent,
) -> Divided:
    """Loads of at most `room` tokens, in the order of the patches; a file goes where its kin are, if it fits there."""
    done = Divided()
    beyond = 0
    for patch in patches:
        for piece in _pieces(patch, contents[patch.path], room, scope_of, extent, done.left_out):
            load = _load_for(piece, done.loads, room, kin.get(piece.path, frozenset()))
            if load is not None:
                load.pieces.append(piece)
            elif len(done.loads) < most_loads:
                done.loads.append(Load([piece]))
            else:
                beyond += piece.tokens
                done.left_out.append(f"{piece.path} (a review asks at most {most_loads} questions)")
    done.wanted = len(done.loads) + -(-beyond // max(1, room))
    return done


def _load_for(piece: CodePiece, loads: Sequence[Load], room: int, kin: frozenset[str]) -> Load | None:
    fitting = [load for load in loads if load.tokens + piece.tokens <= room]
    related = (load for load in fitting if not kin.isdisjoint(load.paths) or piece.path in load.paths)
    last = loads[-1] if loads and loads[-1] in fitting else None
    return next(related, last)


def _pieces(
    patch: Patch, content: bytes, room: int, scope_of: ScopeOf, extent: Extent, left_out: list[str]
) -> Iterator[CodePiece]:
    """The file as one piece, or hunk by hunk, or by lines, as it fits."""
    heading = _heading(patch)
    parts = excerpts(patch, content, scope_of, extent)
    whole = _piece(patch.path, heading, parts)
    if whole.tokens <= room:
        yield whole
        return
    for part in parts:
        piece = _piece(patch.path, heading, [part])
        if piece.tokens <= room:
            yield piece
        else:
            yield from _cut_between_lines(patch.path, heading, part, room, left_out)


def _cut_between_lines(path: str, heading: str, part: Excerpt, room: int, left_out: list[str]) -> Iterator[CodePiece]:
    available = room - estimate_tokens(heading) - 1
    chunk: list[ShownLine] = []
    used = 0
    for line in part.lines:
        cost = estimate_tokens(str(line) + "\n")
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


def _piece(path: str, heading: str, parts: Sequence[Excerpt]) -> CodePiece:
    code = "\n     …\n".join(map(str, parts))
    text = f"{heading}\n{code}"
    lines = frozenset(line.number for part in parts for line in part.lines if line.number)
    return CodePiece(path, text, estimate_tokens(text + "\n\n"), lines)


def _heading(patch: Patch) -> str:
    was = f" from {patch.old_path}" if patch.old_path and patch.old_path != patch.path else ""
    return f"### {patch.path} ({patch.status.value}{was})"
