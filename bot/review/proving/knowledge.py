"""What config/proving.toml knows: faults, languages and test frameworks."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from bot.regex import regex
from bot.settings import resource_text

_FAMILIES = {"typescript": "javascript", "kotlin": "java"}
"""Languages that share their test frameworks with another."""


@dataclass(frozen=True)
class Fault:
    """What a test brings about, and what it must see."""

    name: str
    title: str
    does: str
    sees: str
    can_hang: bool
    """False where the call ends by itself also on the code as it is, unless the test makes it wait."""


class Forbidden(NamedTuple):
    pattern: re.Pattern[str]
    reason: str
    """As what such a test does: `changes or deletes files`."""


@dataclass(frozen=True)
class Tongue:
    """A family of languages that share their test frameworks."""

    name: str
    imports: re.Pattern[str]
    standard: re.Pattern[str]
    """Roots of what comes with the language."""
    test_words: tuple[str, ...]
    """Words that stand in its tests."""
    manifests: tuple[str, ...]
    manifest_suffix: str
    manifest_words: tuple[str, ...]
    models: tuple[str, ...]
    """Files that every test of a folder shares, such as `conftest.py`."""
    forbidden: tuple[Forbidden, ...]
    sleep: re.Pattern[str]
    sleep_unit_s: float


@dataclass(frozen=True)
class Framework:
    """How the tests of one framework look. Patterns are looked for in tests without their comments."""

    name: str
    title: str
    language: str
    packages: tuple[str, ...]
    """Roots of what its tests import of the framework itself."""
    marks: re.Pattern[str]
    declared: re.Pattern[str]
    test: re.Pattern[str]
    assertion: re.Pattern[str]
    deadline: re.Pattern[str]
    skipped: re.Pattern[str]
    file: str
    folder: str
    """Where tests lie in a repository that has none yet; empty: beside the code."""
    run: str


def family_of(language: str) -> str:
    """The name under which a language's frameworks are known; itself where it shares them with none."""
    return _FAMILIES.get(language, language)


def fault_for(class_: str, kind: str) -> Fault | str:
    """The fault that shows a defect of this kind; else, in words, why none does."""
    by_class, unfit = _faults()
    if found := by_class.get(f"{class_}/{kind}"):
        return found
    return by_class.get(class_) or unfit.get(class_) or "nobody has written down which fault would show it"


@cache
def tongue_of(family: str) -> Tongue | None:
    """None for a language whose tests nobody has described."""
    known: dict[str, Any] | None = _document()["languages"].get(family)
    if known is None:
        return None
    return Tongue(
        name=family,
        imports=_pattern(known["imports"]),
        standard=_pattern(known["standard"]),
        test_words=tuple(known["test_words"]),
        manifests=tuple(known["manifests"]),
        manifest_suffix=known.get("manifest_suffix", ""),
        manifest_words=tuple(known.get("manifest_words", ())),
        models=tuple(known.get("models", ())),
        forbidden=tuple(Forbidden(_pattern(pattern), reason) for pattern, reason in known["forbidden"]),
        sleep=_pattern(known["sleep"]),
        sleep_unit_s=known.get("sleep_unit_s", 1.0),
    )


@cache
def frameworks_of(family: str) -> tuple[Framework, ...]:
    """The frameworks of a family, in the order in which they are looked for."""
    described = ((name, known) for name, known in _document()["frameworks"].items() if known["language"] == family)
    return tuple(_framework(name, known) for name, known in described)


def _framework(name: str, known: Mapping[str, str]) -> Framework:
    plain = {key: known[key] for key in ("title", "language", "file", "folder", "run")}
    patterns = {key: _pattern(known[key]) for key in known.keys() - plain.keys() - {"packages"}}
    return Framework(name=name, packages=tuple(known["packages"]), **plain, **patterns)  # type: ignore[arg-type]  # mypy takes both for the first


@cache
def _faults() -> tuple[Mapping[str, Fault], Mapping[str, str]]:
    """Class or class/kind → its fault; class → why none fits."""
    document = _document()
    faults: dict[str, Fault] = {}
    for name, known in document["faults"].items():
        fault = Fault(name, known["title"], known["does"], known["sees"], known.get("can_hang", True))
        faults |= dict.fromkeys(known["classes"], fault)
    return faults, document["unfit"]


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(resource_text("config/proving.toml"))


def _pattern(text: str) -> re.Pattern[str]:
    return regex(text, re.MULTILINE)
