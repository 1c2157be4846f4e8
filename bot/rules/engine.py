"""One parse, one pass, all rules."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from bot.rules.asking import Asked, Checks, asking
from bot.rules.changes import FileChange
from bot.rules.findings import Raised, raised
from bot.rules.registry import rules_for
from bot.rules.rule import Alarm, Rule, each
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import SourceFile, Span

ASKED_ABOUT = ("call", "loop", "handler", "function", "section", "file")


@cache
def _checks(language: str, off: tuple[str, ...]) -> dict[str, list[Asked]]:
    """Shape → the checks that rules have written for it."""
    found: dict[str, list[Asked]] = {shape: [] for shape in ASKED_ABOUT}
    for rule in rules_for(language):
        if rule.name in off or rule.class_ in off:
            continue
        for shape in ASKED_ABOUT:
            method = f"check_{shape}"
            if getattr(type(rule), method) is not getattr(Rule, method):
                found[shape].append((rule, getattr(rule, method)))
    return found


def alarms_in(
    file: SourceFile,
    rules_off: tuple[str, ...] = (),
    only: frozenset[str] | None = None,
    include_tests: bool = False,
) -> list[Raised]:
    """Every alarm of every rule that is on, or of those named, in the order of the text."""
    found = [*_by_shapes(file, None, rules_off, only), *_by_file(file, rules_off, only)]
    return _in_order(found, file, include_tests)


def alarms_around(file: SourceFile, place: Span, rules_off: tuple[str, ...] = ()) -> list[Raised]:
    """Those that rules raise when they are asked about the shapes within a place."""
    return _in_order(_by_shapes(file, place, rules_off, None), file)


def alarms_of_file(file: SourceFile, rules_off: tuple[str, ...] = ()) -> list[Raised]:
    """Those that rules raise when they are asked about the file as a whole: the others of `alarms_in`."""
    return _in_order(_by_file(file, rules_off, None), file)


def _by_shapes(
    file: SourceFile, place: Span | None, rules_off: tuple[str, ...], only: frozenset[str] | None
) -> Iterator[Raised]:
    lists: dict[str, list[Any]] = {
        "loop": file.loops,
        "handler": file.handlers,
        "function": file.functions,
        "section": file.sections,
    }
    checks = _checks(file.language.name, rules_off)
    for kind, all_shapes in lists.items():
        shapes = all_shapes if place is None else file.within(all_shapes, place)
        asked = _concerned(checks[kind], file.text, only) if shapes else ()
        for shape in shapes if asked else ():
            for rule, check in asked:
                answer = check(shape, file)
                if answer is not None:  # most of a million times it is: no iterator is made for that
                    for alarm in each(answer):
                        yield raised(rule, alarm, shape)
    calls = file.calls if place is None else file.within(file.calls, place)
    if calls:
        asked_about = asking(file.language.name, tuple(_concerned(checks["call"], file.text, only))).about
        for call in calls:
            for rule, check in asked_about(call):
                answer = check(call, file)
                if answer is not None:
                    for alarm in each(answer):
                        yield raised(rule, alarm, call)


def _by_file(file: SourceFile, rules_off: tuple[str, ...], only: frozenset[str] | None) -> Iterator[Raised]:
    for rule, check in _concerned(_checks(file.language.name, rules_off)["file"], file.text, only):
        for alarm in each(check(file)):
            yield raised(rule, alarm)


def _concerned(asked: Checks, text: bytes, only: frozenset[str] | None) -> Checks:
    """Those named whose words the file has."""
    return [
        one
        for one in asked
        if (only is None or one[0].name in only) and (not one[0].needs or _has_one_of(one[0].needs, text))
    ]


def _has_one_of(words: tuple[bytes, ...], text: bytes) -> bool:
    for word in words:  # noqa: SIM110 — a generator takes twice the time, for each rule and file
        if word in text:
            return True
    return False


def _in_order(found: Iterable[Raised], file: SourceFile, include_tests: bool = False) -> list[Raised]:
    """In the order of the text, what is said of tests left out unless they are wanted."""
    kept = [one for one in found if include_tests or not file.language.is_test(one.alarm.at.node)]
    kept.sort(key=lambda one: (one.alarm.at.node.start_byte, one.rule.name))
    return kept


@cache
def _change_checks(language: str, off: tuple[str, ...]) -> tuple[Asked, ...]:
    return tuple(
        (rule, rule.check_change)
        for rule in rules_for(language)
        if rule.name not in off and rule.class_ not in off and type(rule).check_change is not Rule.check_change
    )


def alarms_of_change(
    before: SourceFile, after: SourceFile, rules_off: tuple[str, ...] = (), include_tests: bool = False
) -> list[Raised]:
    """Alarms about what the head no longer has, in the order of its text."""
    checks = _change_checks(after.language.name, rules_off)
    if not checks or before.language is not after.language:
        return []
    change = FileChange(before, after)
    found = ((rule, alarm) for rule, check in checks for alarm in each(check(change)))
    told = (
        raised(rule, _unsure(rule, alarm) if rule.may_move and change.is_rework else alarm) for rule, alarm in found
    )
    return _in_order(told, after, include_tests)


def _unsure(rule: Rule, alarm: Alarm) -> Alarm:
    said = alarm.confidence if alarm.confidence is not None else rule.confidence
    return replace(alarm, confidence=min(said, SHOWN_ONLY))


def asked_around(one: Raised, place: Span) -> bool:
    """True where an alarm is one of `alarms_around` the place."""
    node = one.asked.node if one.asked is not None else None
    return node is not None and place.start_byte <= node.start_byte and node.end_byte <= place.end_byte
