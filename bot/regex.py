"""Regular expressions that are compiled when they are first used.

A run of the rules meets some hundred of them and uses a quarter: compiling the rest costs a command that starts a
tenth of its time.
"""

import re
from typing import Any, AnyStr, cast

_WANTED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags", "groups")


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, but for `isinstance` and for the functions of `re` that take a pattern.

    A flaw in the source shows at the first use: `tests/test_regex.py` uses them all.
    """
    return cast(re.Pattern[AnyStr], _OnFirstUse(source, flags))


class _OnFirstUse:
    """Asked for anything, it compiles the expression and keeps what that has, so that it is never asked again."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _WANTED:
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        for one in _WANTED:
            setattr(self, one, getattr(compiled, one))
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"regex({self._source!r}, {self._flags!r})"
