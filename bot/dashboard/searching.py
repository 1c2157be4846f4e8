"""What people type into the search field, as full-text syntax that can never be wrong."""

import re
from typing import Final

MOST_WORDS: Final = 12
MOST_CHARS: Final = 200


def as_full_text(typed: str) -> str:
    """All of these words, the last one perhaps unfinished; empty where there is none. Each is quoted, so none is taken
    for an operator, a column or a star."""
    words = [word[:60] for word in re.findall(r"\w+", typed[:MOST_CHARS]) if word.strip("_")][:MOST_WORDS]
    if not words:
        return ""
    return " ".join(f'"{word}"' for word in words) + "*"
