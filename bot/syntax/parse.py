"""From bytes to a SourceFile, by the language its name tells."""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

from bot.syntax import languages
from bot.syntax.language import Language
from bot.syntax.source_file import BOM, SourceFile
from bot.syntax.trees import Replaced, error_count, tree_edited


@cache
def all_languages() -> tuple[Language, ...]:
    """One of each class in the drawer, ordered by name. Grammars load when first used."""
    found: dict[type[Language], Language] = {}
    for module in pkgutil.iter_modules(languages.__path__):
        for thing in vars(importlib.import_module(f"{languages.__name__}.{module.name}")).values():
            if isinstance(thing, type) and issubclass(thing, Language) and "suffixes" in vars(thing):
                found.setdefault(thing, thing())
    return tuple(sorted(found.values(), key=lambda language: (language.name, language.suffixes)))


def language_names() -> tuple[str, ...]:
    """Such as `csharp, go, java, javascript, python, typescript`."""
    return tuple(dict.fromkeys(language.name for language in all_languages()))


def language_of(path: str) -> Language | None:
    """The language of a file, by its suffix; None for one that Seawall has no grammar for."""
    dot = path.rfind(".")
    return _by_suffix().get(path[dot:].lower()) if dot > path.rfind("/") else None


def language_named(name: str) -> Language:
    """The language of that name (`python`). Raises KeyError."""
    return next(language for language in reversed(all_languages()) if language.name == name)


@cache
def _by_suffix() -> dict[str, Language]:
    return {suffix: language for language in all_languages() for suffix in language.suffixes}


def parse(path: str, content: bytes) -> SourceFile | None:
    """The parsed file, broken code and broken UTF-8 included; None where no language goes by that name."""
    language = language_of(path)
    return SourceFile(path, content, language) if language is not None else None


def parse_again(file: SourceFile, content: bytes, pieces: Sequence[Replaced]) -> SourceFile:
    """The file with another content, in which only these pieces of its text differ: little more than they is read."""
    text = content.removeprefix(BOM)
    like = tree_edited(file.tree, file.text, text, pieces)
    return SourceFile(file.path, content, file.language, like)


def count_errors(path: str, content: bytes) -> int:
    """How many places of the text the grammar cannot make sense of; 0 where there is no grammar."""
    language = language_of(path)
    return error_count(language.parser().parse(content.removeprefix(BOM))) if language is not None else 0
