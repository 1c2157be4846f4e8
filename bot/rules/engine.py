"""One parse, one pass, all rules."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from bot.rules.apis import known
from bot.rules.changes import FileChange
from bot.rules.findings import Raised, raised
from bot.rules.registry import all_rules
from bot.rules.rule import Rule, each
from bot.syntax import SourceFile

Check = Callable[..., Any]
SHAPES = ("call", "loop", "handler", "function", "section")
KNOWN = "known call"


@cache
def _checks(language: str, off: tuple[str, ...]) -> dict[str, list[tuple[Rule, Check]]]:
    """Shape → the checks that rules have written for it."""
    found: dict[str, list[tuple[Rule, Check]]] = {shape: [] for shape in (*SHAPES, KNOWN, "file")}
    for rule in all_rules():
        if language not in rule.languages or rule.name in off or rule.class_ in off:
            continue
        for shape in (*SHAPES, "file"):
            method = f"check_{shape}"
            if getattr(type(rule), method) is not getattr(Rule, method):
                if shape == "call" and rule.methods:
                    continue
                only_known = shape == "call" and rule.sections and not rule.every_call
                found[KNOWN if only_known else shape].append((rule, getattr(rule, method)))
    return found


@cache
def _checks_by_method(language: str, off: tuple[str, ...]) -> dict[str, list[tuple[Rule, Check]]]:
    """Method → the checks of calls that ask for it by name."""
    found: dict[str, list[tuple[Rule, Check]]] = {}
    for rule in all_rules():
        if language in rule.languages and rule.name not in off and rule.class_ not in off:
            for method in rule.methods:
                found.setdefault(method, []).append((rule, rule.check_call))
    return found


def _concerned(asked: list[tuple[Rule, Check]], text: bytes) -> list[tuple[Rule, Check]]:
    """Those whose words the file has."""
    return [one for one in asked if not one[0].needs or any(word in text for word in one[0].needs)]


def alarms_in(file: SourceFile, rules_off: tuple[str, ...] = ()) -> list[Raised]:
    """Every alarm of every rule that is on, in the order of the text."""
    checks = _checks(file.language.name, rules_off)
    shapes: dict[str, Iterable[Any]] = {
        "call": file.calls,
        KNOWN: [call for call in file.calls if known(call)],
        "loop": file.loops,
        "handler": file.handlers,
        "function": file.functions,
        "section": file.sections,
    }
    found = []
    for kind in (*SHAPES, KNOWN):
        asked = _concerned(checks[kind], file.text)
        for shape in shapes[kind] if asked else ():
            for rule, check in asked:
                answer = check(shape, file)
                if answer is not None:  # most of a million times it is: no iterator is made for that
                    found += [raised(rule, alarm) for alarm in each(answer)]
    by_method = _checks_by_method(file.language.name, rules_off)
    for call in file.calls if by_method else ():
        for rule, check in by_method.get(call.method, ()):
            found += [raised(rule, alarm) for alarm in each(check(call, file))]
    whole = _concerned(checks["file"], file.text)
    found += [raised(rule, alarm) for rule, check in whole for alarm in each(check(file))]
    found = [one for one in found if not file.language.is_test(one.alarm.at.node)]
    found.sort(key=lambda one: (one.alarm.at.node.start_byte, one.rule.name))
    return found


@cache
def _change_checks(language: str, off: tuple[str, ...]) -> tuple[tuple[Rule, Check], ...]:
    return tuple(
        (rule, rule.check_change)
        for rule in all_rules()
        if language in rule.languages
        and rule.name not in off
        and rule.class_ not in off
        and type(rule).check_change is not Rule.check_change
    )


def alarms_of_change(before: SourceFile, after: SourceFile, rules_off: tuple[str, ...] = ()) -> list[Raised]:
    """Alarms about what the head no longer has, in the order of its text."""
    checks = _change_checks(after.language.name, rules_off)
    if not checks or before.language is not after.language:
        return []
    change = FileChange(before, after)
    found = [raised(rule, alarm) for rule, check in checks for alarm in each(check(change))]
    found = [one for one in found if not after.language.is_test(one.alarm.at.node)]
    found.sort(key=lambda one: (one.alarm.at.node.start_byte, one.rule.name))
    return found
