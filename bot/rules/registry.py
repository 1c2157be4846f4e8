"""The drawer of rules: every file `catalog/<class>/<kind>.py` is one rule, found by itself."""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bot.errors import NotFound
from bot.rules import catalog
from bot.rules.rule import Rule
from bot.settings.nearest import did_you_mean


@cache
def all_rules() -> tuple[Rule, ...]:
    """One of each rule, ordered by name."""
    found: list[Rule] = []
    for name in _modules():
        things = vars(importlib.import_module(name)).values()
        found += [
            thing()
            for thing in things
            if isinstance(thing, type) and issubclass(thing, Rule) and thing.__module__ == name
        ]
    return tuple(sorted(found, key=lambda rule: rule.name))


def _modules() -> list[str]:
    classes = [folder for root in catalog.__path__ for folder in Path(root).iterdir() if folder.is_dir()]
    return [
        f"{catalog.__name__}.{folder.name}.{module.name}"
        for folder in classes
        for module in pkgutil.iter_modules([str(folder)])
    ]


def rule_named(name: str) -> Rule:
    """The rule of that name (class/kind). Raises errors.NotFound with the nearest name."""
    for rule in all_rules():
        if rule.name == name:
            return rule
    known = [rule.name for rule in all_rules()]
    near = did_you_mean(name, known) or did_you_mean(name, {kind.split("/")[1]: 0 for kind in known})
    raise NotFound(f"There is no rule {name!r}{near} `seawall rules` lists them all.")


def rule_names_for(languages: Iterable[str]) -> tuple[str, ...]:
    """Names of the rules that judge at least one of these languages."""
    wanted = set(languages)
    return tuple(rule.name for rule in all_rules() if wanted & set(rule.languages))


def rule_or_class_exists(name: str) -> bool:
    return any(name in (rule.name, rule.class_) for rule in all_rules())
