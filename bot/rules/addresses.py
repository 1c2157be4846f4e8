"""What the address that a call asks begins with, as far as one file shows it."""

from bot.regex import regex
from bot.syntax import Argument, Call, SourceFile, text_of

_QUOTED = regex(r"(?:\(\s*)?[rbfu]*[\"'`]")
_HEAD = regex(r"(?:\(\s*)?(?:[rbf]*[\"'`]\$?\{\s*(?P<inside>[\w.#]+)\s*\}|(?P<left>[\w.#]+)\s*(?:\+|$))")
"""A name that a template or a sum begins with, or a name alone."""
_LEVELS = 3
"""How many names to follow: `this.base = BASE`, `BASE = "/api"`."""
_MOST_VALUES = 8
"""Of one name."""


def addresses_in(argument: Argument, call: Call) -> list[str]:
    """What an argument is written as, quotes and all; of one that begins with a name, what all values that the file
    gives to the name are written as; empty where that cannot be told."""
    given = frozenset(call.function.parameters) if call.function is not None else frozenset[str]()
    return _written(argument.text.strip(), call.file, given, _LEVELS)


def _written(text: str, file: SourceFile, unknown: frozenset[str], levels: int) -> list[str]:
    head = _HEAD.match(text)
    name = (head["inside"] or head["left"]) if head is not None else ""
    if not name:
        return [text] if _QUOTED.match(text) else []
    if name in unknown or not levels:
        return []
    values = [text_of(one.value).strip() for one in file.bindings if text_of(one.target) == name]
    if len(values) > _MOST_VALUES:
        return []
    found = [_written(value, file, frozenset(), levels - 1) for value in values]
    return [text for texts in found for text in texts] if all(found) else []
