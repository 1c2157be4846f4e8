"""The drawer of rules: every file `catalog/<class>/<kind>.py` is one rule, found by itself.

A rule's file is run when the rule is first needed: a change in one language does without half of them, and whoever
only wants their names without all.
"""

import importlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bot.errors import NotFound
from bot.regex import regex
from bot.rules import catalog
from bot.rules.rule import Rule
from bot.settings.nearest import did_you_mean

_LANGUAGES = regex(rb"^    languages = \(([^()]*)\)$", re.MULTILINE)
_BESIDE = "_examples.py"
"""Ends the files with more examples of a rule."""


@dataclass(frozen=True)
class ListedRule:
    """What the file of a rule tells without being run: `class/kind`, and the languages that it judges."""

    name: str
    languages: tuple[str, ...]
    module: str

    @property
    def class_(self) -> str:
        return self.name.split("/")[0]


@cache
def listed_rules() -> tuple[ListedRule, ...]:
    """All there are, ordered by name."""
    found = [
        _listed(folder.name, file)
        for root in catalog.__path__
        for folder in os.scandir(root)
        if folder.is_dir() and not folder.name.startswith("_")
        for file in os.scandir(folder.path)
        if file.name.endswith(".py") and not file.name.endswith(_BESIDE)
    ]
    return tuple(sorted(found, key=lambda rule: rule.name))


def _listed(class_: str, file: "os.DirEntry[str]") -> ListedRule:
    kind = file.name.removesuffix(".py")
    with open(file.path, "rb", buffering=0) as opened:
        told = _LANGUAGES.search(opened.read())
    assert told is not None, f"{file.path} says `languages = (…)`"
    languages = tuple(word.decode().strip("\"'") for word in told[1].replace(b",", b" ").split())
    return ListedRule(f"{class_}/{kind}".replace("_", "-"), languages, f"{catalog.__name__}.{class_}.{kind}")


def all_rules() -> tuple[Rule, ...]:
    """One of each rule, ordered by name."""
    return tuple(_loaded(listed.module) for listed in listed_rules())


@cache
def rules_for(language: str) -> tuple[Rule, ...]:
    """Those that judge this language, ordered by name."""
    return tuple(_loaded(listed.module) for listed in listed_rules() if language in listed.languages)


@cache
def _loaded(module: str) -> Rule:
    (found,) = (
        thing
        for thing in vars(importlib.import_module(module)).values()
        if isinstance(thing, type) and issubclass(thing, Rule) and thing.__module__ == module
    )
    return found()


def rule_named(name: str) -> Rule:
    """The rule of that name (class/kind). Raises errors.NotFound with the nearest name."""
    for listed in listed_rules():
        if listed.name == name:
            return _loaded(listed.module)
    known = [listed.name for listed in listed_rules()]
    near = did_you_mean(name, known) or did_you_mean(name, {kind.split("/")[1]: 0 for kind in known})
    raise NotFound(f"There is no rule {name!r}{near} `seawall rules` lists them all.")


def rule_names_for(languages: Iterable[str]) -> tuple[str, ...]:
    """Names of the rules that judge at least one of these languages."""
    wanted = set(languages)
    return tuple(listed.name for listed in listed_rules() if wanted & set(listed.languages))


def rule_or_class_exists(name: str) -> bool:
    return any(name in (listed.name, listed.class_) for listed in listed_rules())
