"""What words name of the code, held against the code: paths, lines and names that are not there are found. Pure.

Words for people may say `like this` only what stands in the code they are about; what they propose stands in blocks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.regex import regex

MOST_NAMED = 6
_FENCE = regex(r"^[ \t]*(```|~~~).*?^[ \t]*\1", re.DOTALL | re.MULTILINE)
_SPAN = regex(r"`([^`\n]{1,300})`")
_PLACE = regex(r"(?P<path>[\w@.+/-]*\w\.[A-Za-z]\w{0,5})(?::(?P<first>\d+)(?:[-–](?P<last>\d+))?)?")
_BARE_PLACE = regex(r"(?<![\w/.`:-])((?:[\w@.+-]+/)+[\w@.+-]+\.[A-Za-z]\w{0,5}(?::\d+(?:[-–]\d+)?)?)(?![\w/])")
_WORD = regex(r"[^\W\d]\w*")
_NAME_ALONE = regex(r"[\w.$@:>-]+(?:\(\))?")
_COMMON = frozenset({
    "DELETE", "False", "GET", "HEAD", "None", "PATCH", "POST", "PUT", "True", "async", "await", "catch", "else",
    "except", "false", "finally", "for", "if", "nil", "null", "raise", "return", "self", "this", "throw", "true",
    "try", "undefined", "while", "with",
})  # fmt: skip
"""Words that stand for themselves, whether or not the code has them."""


@dataclass(frozen=True)
class Ground:
    """`texts`: all that the writer was shown. `lines`: path → lines of that file; None where it is there and nobody
    counted."""

    texts: tuple[str, ...]
    lines: Mapping[str, int | None]

    @cached_property
    def squashed(self) -> str:
        return _squash("\n".join(self.texts))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for text in self.texts for word in _WORD.findall(text))

    @cached_property
    def names_of_files(self) -> frozenset[str]:
        return frozenset(path.rpartition("/")[2] for path in self.lines)


def strangers(words: str, ground: Ground) -> list[str]:
    """What the words quote or name that is nowhere in the code, in their order, each once."""
    prose = _FENCE.sub(" ", words)
    spans = [span.strip() for span in _SPAN.findall(prose)]
    places = [place for place in _BARE_PLACE.findall(_SPAN.sub(" ", prose)) if "://" not in place]
    found = [one for one in spans if not _is_there(one, ground)]
    found += [one for one in places if not _is_place(one, ground)]
    return list(dict.fromkeys(found))[:MOST_NAMED]


def paths_named(words: str) -> list[str]:
    """Paths with a folder that the words name, which may be worth looking for."""
    named = [*_SPAN.findall(words), *_BARE_PLACE.findall(words)]
    matches = [_PLACE.fullmatch(one.strip()) for one in named]
    paths = [match["path"].removeprefix("./") for match in matches if match is not None and "/" in match["path"]]
    return list(dict.fromkeys(paths))[:MOST_NAMED]


def _is_there(span: str, ground: Ground) -> bool:
    if span in _COMMON or not _WORD.search(span) or len(span) < 3:
        return True
    if _squash(span) in ground.squashed:
        return True
    if _is_place(span, ground):
        return True
    if not _NAME_ALONE.fullmatch(span):
        return False
    return all(word in ground.words or word in _COMMON for word in _WORD.findall(span))


def _is_place(span: str, ground: Ground) -> bool:
    match = _PLACE.fullmatch(span)
    if match is None:
        return False
    path = match["path"].removeprefix("./")
    if path not in ground.lines:
        return "/" not in path and path in ground.names_of_files
    most, last = ground.lines[path], int(match["last"] or match["first"] or 0)
    return most is None or last <= most


def _squash(text: str) -> str:
    return "".join(text.split())
