"""Paths by patterns, as people write them for git."""

from collections.abc import Iterable
from fnmatch import fnmatchcase


def is_among(path: str, patterns: Iterable[str]) -> bool:
    """True where a pattern names the path.

    Patterns as people write them for git: `docs/` is a folder, `*.md` matches anywhere, `a/**/b` spans folders.
    """
    for pattern in patterns:
        pattern = pattern.removeprefix("/") + ("**" if pattern.endswith("/") else "")
        if fnmatchcase(path, pattern.replace("**/", "*").replace("**", "*")):
            return True
        if "/" not in pattern and any(fnmatchcase(part, pattern) for part in path.split("/")):
            return True
    return False
