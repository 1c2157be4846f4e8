"""Chooses what of the surroundings one question shows: by value per token, each piece whole, under a limit. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import Profile
from bot.review.excerpt import GAP
from bot.review.surroundings.piece import Form, Kind, Piece

_FIXED = 25
"""Tokens added to each piece's cost, so that a line that tells nothing does not win for being short."""
_LONGER = 0.4
"""What the longer form of a piece is worth, beside the piece itself."""


@dataclass(frozen=True)
class Appetite:
    """How much a profile shows. `share`: of the tokens of the code itself; never less than `least`."""

    kinds: frozenset[Kind]
    share: float
    least: int
    most: int
    shows_longer: bool = True

    def tokens(self, code_tokens: int, room: int) -> int:
        return max(0, min(room, self.most, max(self.least, int(code_tokens * self.share))))


APPETITES: Mapping[Profile, Appetite] = {
    Profile.ECONOMY: Appetite(frozenset({"callee", "caller"}), 0.25, 0, 2_000, shows_longer=False),
    Profile.BALANCED: Appetite(
        frozenset({"callee", "caller", "test", "sibling", "class", "constant"}), 0.75, 1_500, 6_000
    ),
    Profile.THOROUGH: Appetite(
        frozenset({"callee", "caller", "test", "sibling", "class", "constant"}), 2.0, 4_000, 12_000
    ),
}
_ORDER: Mapping[Kind, int] = {"class": 0, "callee": 1, "constant": 2, "sibling": 3, "caller": 4, "test": 5}


@dataclass(frozen=True)
class Shown:
    text: str = ""
    tokens: int = 0
    left_out: tuple[str, ...] = ()
    """Titles of the pieces for which there was no room, the dearest first."""


def choose(
    pieces: Sequence[Piece], paths: Collection[str], seen: Mapping[str, Collection[int]], room: int, appetite: Appetite
) -> Shown:
    """For a question on `paths`. `seen`: the lines it shows already; `room`: tokens."""
    wanted = [piece for piece in pieces if piece.kind in appetite.kinds and not piece.serves.isdisjoint(paths)]
    wanted = [piece for piece in wanted if not _is_seen(piece.forms[-1], seen.get(piece.path, ()))]
    wanted.sort(key=lambda piece: (-_worth(piece.value, piece.forms[-1].tokens), piece.path, piece.line, piece.kind))
    chosen: dict[Piece, Form] = {}
    covered: dict[str, set[int]] = {}
    left_out: list[Piece] = []
    for piece in wanted:
        form = piece.forms[-1]
        if _is_seen(form, covered.get(piece.path, ())):
            continue
        if form.tokens > room:
            left_out.append(piece)
            continue
        room -= form.tokens
        chosen[piece] = form
        covered.setdefault(piece.path, set()).update(_lines(form))
    if appetite.shows_longer:
        _lengthen(chosen, room)
    ordered = sorted(chosen, key=lambda piece: (_ORDER[piece.kind], piece.path, piece.line))
    left_out.sort(key=lambda piece: (-piece.value, piece.path, piece.line))
    return Shown(
        "\n\n".join(_under_one_heading(chosen[piece].text for piece in ordered)),
        sum(form.tokens for form in chosen.values()),
        tuple(dict.fromkeys(piece.title for piece in left_out)),
    )


def _under_one_heading(texts: Iterable[str]) -> list[str]:
    """Of pieces that follow each other with the same words above them, the words once."""
    told: list[str] = []
    last = ""
    for text in texts:
        heading, _, lines = text.partition("\n")
        if told and heading == last:
            told[-1] += f"\n{GAP}\n{lines}"
        else:
            told.append(text)
        last = heading
    return told


def _lengthen(chosen: dict[Piece, Form], room: int) -> None:
    """Spends what is left on longer forms, where they tell most for their price."""
    steps = [
        (piece, form, form.tokens - chosen[piece].tokens) for piece in chosen for form in reversed(piece.forms[:-1])
    ]
    steps.sort(key=lambda step: (-_worth(step[0].value * _LONGER, step[2]), step[0].path, step[0].line))
    for piece, form, _ in steps:
        more = form.tokens - chosen[piece].tokens
        if 0 < more <= room:
            room -= more
            chosen[piece] = form


def _worth(value: float, tokens: int) -> float:
    return value / (tokens + _FIXED)


def _lines(form: Form) -> set[int]:
    return {number for start, end in form.spans for number in range(start, end + 1)}


def _is_seen(form: Form, seen: Collection[int]) -> bool:
    return bool(seen) and _lines(form) <= set(seen)
