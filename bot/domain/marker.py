"""The hidden text by which whatever Seawall posted is known again: to itself, after a crash, and to its own edge."""

import hashlib

MARKER_OPENS = "<!-- seawall:"
"""A text that holds this is our own; nobody else's is answered by hiding it."""


def marker_of(*identity: object) -> str:
    """`<!-- seawall:9f86d081884c7d659a2f -->`: the same for the same identity, and not to be guessed back from."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in identity).encode()).hexdigest()[:20]
    return f"{MARKER_OPENS}{digest} -->"


def is_marked(text: str) -> bool:
    """True if the text carries a marker of ours, whichever."""
    return MARKER_OPENS in text
