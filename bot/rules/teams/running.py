"""Looks for what a team's rules describe in one parsed file. Only in a guarded process: the rules are others' data."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from bot.rules.findings import Raised, raised
from bot.rules.rule import Alarm, Rule
from bot.rules.teams.record import TeamRule
from bot.settings.beside import OWN
from bot.settings.globs import is_among
from bot.syntax import Shape, SourceFile
from bot.syntax.patterns import found_by_pattern
from bot.syntax.queries import MATCH_LIMIT, found_by_query

LONGEST_S = 1.0
"""Processor time that one rule may take for one file; one that takes longer is off for the rest of the review."""


@dataclass
class Sought:
    """What own rules raise in one file, and those that failed there, each with the reason."""

    alarms: list[Raised] = field(default_factory=list)
    trouble: dict[str, str] = field(default_factory=dict)


class OwnRule(Rule):
    """The rule as findings see it."""

    of_class: str

    @property
    def class_(self) -> str:
        return self.of_class


def sought(rules: Iterable[TeamRule], file: SourceFile, rules_off: tuple[str, ...] = ()) -> Sought:
    """Runs the rules that are about this file, in the order of the text."""
    found = Sought()
    for rule in rules:
        if not _is_about(rule, file) or {rule.full_name, OWN} & {*rules_off}:
            continue
        started = time.process_time()
        try:
            shapes, is_all = matches(rule, file)
        except Exception as failed:  # noqa: BLE001  a matcher of others must not take the other rules along
            found.trouble[rule.full_name] = f"it failed on {file.path}: {str(failed)[:200]}"
            continue
        found.alarms += [raised(_as_rule(rule), _alarm(rule, shape)) for shape in shapes]
        if (took_s := time.process_time() - started) > LONGEST_S:
            found.trouble[rule.full_name] = f"it took {took_s:.1f} s for {file.path}; {LONGEST_S:g} s is the most"
        elif not is_all:
            found.trouble[rule.full_name] = f"over {MATCH_LIMIT} matches in {file.path}; make it narrower"
    found.alarms.sort(key=lambda one: (one.alarm.at.node.start_byte, one.rule.name))
    return found


def matches(rule: TeamRule, file: SourceFile) -> tuple[list[Shape], bool]:
    """Where the rule matches, and whether that is all."""
    if rule.query:
        return found_by_query(rule.query, file)
    return found_by_pattern(rule.pattern, rule.selector, file)


def _is_about(rule: TeamRule, file: SourceFile) -> bool:
    return file.language.name in rule.languages and (not rule.paths or is_among(file.path, rule.paths))


def _alarm(rule: TeamRule, shape: Shape) -> Alarm:
    fix = rule.fix if rule.fix.endswith((".", "!", "?", "`")) else f"{rule.fix}."
    return Alarm(shape, rule.title, rule.body, fix)


@lru_cache(maxsize=256)
def _as_rule(rule: TeamRule) -> OwnRule:
    told = {"name": rule.full_name, "severity": rule.severity, "confidence": rule.confidence, "of_class": rule.class_}
    made = type("OwnRule", (OwnRule,), {**told, "languages": rule.languages, "bad": (), "good": ()})()
    assert isinstance(made, OwnRule)
    return made
