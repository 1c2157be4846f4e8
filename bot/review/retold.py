"""Secrets in what is to be posted, however they are told: as they stand, encoded, backwards, letter by letter, over
several lines. Pure.

Those that only look drawn at random are looked for like those of a known form.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from bot.redaction import MASK, holds_drawn, masked, masked_closely, redact
from bot.regex import regex

_RUN = regex(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = regex(r"(?<![A-Za-z0-9])(?:(?:0x|\\x|\\u00)?[0-9A-Fa-f]{2}[\s:,.-]{0,2}){10,}(?![A-Za-z0-9])")
_PERCENT = regex(r"[^\s`<>()\[\]]*(?:%[0-9A-Fa-f]{2}[^\s`<>()\[\]%]*)+")
_SPELLED = regex(
    r"(?<![A-Za-z0-9])[A-Za-z0-9_+/=.-]([^A-Za-z0-9`\n]{1,3})(?:[A-Za-z0-9_+/=.-]\1){18,}[A-Za-z0-9_+/=.-](?![A-Za-z0-9])"
)
_OVER_LINES = regex(
    r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_=-]{6,}"
    r"(?:[\"'`)\\+.,; \t]{0,6}\n[\"'`(+.>#*| \t]{0,8}[A-Za-z0-9+/_=-]{4,}){1,12}(?![A-Za-z0-9+/_=-])"
)
_PIECE = regex(r"[A-Za-z0-9+/_=-]{4,}")
_BEGINS = regex(
    r"(?=gh[pousr]_|github_pat_|glpat-|A[KSBC][IC]A|xox[a-z]-|sk-|[srp]k_(?:live|test)_|whsec_|AIza|ya29\.|npm_|pypi-|SG\."
    r"|dop_v1_|hv[sb]\.|(?<!\.)eyJ)"
)
"""Where a secret may begin in what was decoded, though letters stand before it; after a dot a token goes on."""
_MOST_CHARS = 20_000
"""Of a run that is decoded; nothing longer is posted."""


def masked_however_told(text: str) -> str:
    """The text with every secret masked, also where it is told in another way."""
    text = masked_closely(text)
    if len(text) < 20:
        return text
    backwards = masked(text[::-1])
    if MASK in backwards and backwards != text[::-1]:
        text = backwards[::-1].replace(MASK[::-1], MASK)
    text = _SPELLED.sub(lambda run: MASK if _tells(run[0][:: len(run[1]) + 1]) else run[0], text)
    text = _HEX.sub(lambda run: _without(run[0], _of_hex(run[0])), text)
    text = _PERCENT.sub(lambda run: _without(run[0], [unquote(run[0], errors="replace")]), text)
    text = _RUN.sub(lambda run: _without(run[0], _of_base64(run[0])), text)
    return _OVER_LINES.sub(lambda run: MASK + "\n" * run[0].count("\n") if _tells_over_lines(run[0]) else run[0], text)


def _without(run: str, decoded: Iterable[str]) -> str:
    if len(run) > _MOST_CHARS or not any(map(_tells, decoded)):
        return run
    return MASK + run[len(run.rstrip()) :]


def _tells(text: str) -> bool:
    return holds_drawn(text) or any(redact(_BEGINS.sub(" ", way))[1] > 0 for way in (text, text[::-1]))


def _tells_over_lines(run: str) -> bool:
    """Names under each other are none: where they hold digits, these stand at their end."""
    pieces = _PIECE.findall(run)
    joined = "".join(pieces)
    is_drawn = all(re.search(r"\d[A-Za-z]", piece) for piece in pieces[:-1]) and holds_drawn(joined)
    return is_drawn or any(redact(way)[1] > 0 for way in (joined, joined[::-1]))


def _of_hex(run: str) -> Iterator[str]:
    digits = re.sub(r"0x|\\x|\\u00|[^0-9A-Fa-f]", "", run)
    for start in (0, 1):
        even = digits[start : start + (len(digits) - start) // 2 * 2]
        yield bytes.fromhex(even).decode("latin-1")


def _of_base64(run: str) -> Iterator[str]:
    """Read from each of its first four letters on: what stands before may have no part in it."""
    letters = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        part = letters[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("latin-1")
