"""How Seawall is spoken to in a comment."""

import re
from typing import Final

from bot.regex import regex

_ADDRESS: Final = regex(r" {0,3}[/@]seawall[:,]?(?=\s|$)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
"""Four blanks or a tab would make it code, `>` a quotation and a fence a block: none of these begins so."""


def said_to_seawall(body: str) -> str | None:
    """What follows `/seawall` or `@seawall` at the beginning of the first line, as it stands there; None where nobody
    speaks to Seawall. Empty lines above it do not count."""
    first_line = re.split(r"\r\n|\r|\n", body.lstrip("\r\n"), maxsplit=1)[0]
    found = _ADDRESS.match(first_line)
    return found["rest"] if found else None
