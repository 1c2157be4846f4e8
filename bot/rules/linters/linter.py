"""What a linter's configuration says: whether a rule of its is on for a path. A drawer's worth of small readers."""

import json
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.regex import regex
from bot.syntax import parse
from bot.syntax.documents import Part, documents_of

Values = dict[str, Any]
_JSON_COMMENT = regex(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_JSON_COMMA = regex(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')


class Linter(ABC):
    """Reads one linter's files, as far as that can be done without running anything."""

    prefixes: ClassVar[tuple[str, ...]]
    """What stands before the colon in `covered_by`."""
    languages: ClassVar[tuple[str, ...]]
    """Whose files it reads."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """`files`: path → text, of all linters."""
        self.files = files

    @property
    @abstractmethod
    def is_configured(self) -> bool:
        """False where the repository says nothing of this linter: then it counts as not in use."""

    @abstractmethod
    def enables(self, code: str, path: str) -> bool:
        """`code`: as after the prefix in `covered_by`, such as `B006` or `no-unsafe-finally`; with several prefixes,
        the prefix too (`govet:copylocks`)."""

    def first(self, *paths: str) -> tuple[str, str]:
        """The first of these files that there is: its path and text; empty ones where there is none."""
        return next(((path, self.files[path]) for path in paths if path in self.files), ("", ""))


def read_any(path: str, text: str) -> Values:
    """A file of settings as plain values, by its name; empty where it is broken or holds no table."""
    if path.endswith((".toml", ".conf")):
        return read_toml(text)
    if path.endswith(".json"):
        return read_json(text)
    return read_yaml(text)


def read_toml(text: str) -> Values:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def read_json(text: str) -> Values:
    """With comments and commas at the end, as people write them."""
    plain = _JSON_COMMENT.sub(lambda match: match[1] or "", text)
    try:
        found = json.loads(_JSON_COMMA.sub(lambda match: match[1] or "", plain))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_yaml(text: str) -> Values:
    """Scalars as written: `true` is the text `true`."""
    file = parse("settings.yml", text.encode())
    documents = documents_of(file) if file is not None else ()
    found = _plain(documents[0]) if documents else None
    return found if isinstance(found, dict) else {}


def _plain(part: Part) -> Any:
    if part.entries:
        return {key: _plain(values[-1]) for key, values in part.entries.items() if values}
    return [_plain(item) for item in part.items] if part.items else part.scalar


def table(values: Any, *keys: str) -> Values:
    """The table at the end of a path of keys; an empty one where there is none."""
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def texts(values: Any) -> list[str]:
    """A text or a list of texts, as a list of texts."""
    if isinstance(values, str):
        return [values]
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def is_true(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "yes", "on")


def is_false(value: Any) -> bool:
    return value is False or str(value).lower() in ("false", "no", "off")
