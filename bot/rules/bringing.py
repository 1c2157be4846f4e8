"""What a change brings: alarms of the head that stand for none of the base."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from bot.rules.findings import Raised, normalised
from bot.syntax import Binding, Call, Loop, SourceFile, text_of

Marked = tuple[Raised, str]
Key = tuple[str, ...]
COPIES = frozenset({"lib", "libs", "ext", "externals", "vendor", "vendored", "_vendor", "third_party", "thirdparty"})
"""Packages that copies of libraries lie in."""
COMPARED = 100
"""So many pairs of alike alarms are compared by their code; of more, those that stand first belong together."""


def brought(head: list[Marked], base: list[Marked]) -> list[Marked]:
    """Head alarms that the base lacks. Code that only moved to another scope is not new, nor is a handler or call of
    several lines that begins as it did and was changed further down, nor what is said of the same call, loop or name
    with other arguments, nor of the same call in a function that stands for another one now."""
    marks, there = {mark for _, mark in base}, {mark for _, mark in head}
    new = [(one, mark) for one, mark in head if mark not in marks]
    gone = [one for one, mark in base if mark not in there]
    for alike in (_same_code, _same_beginning, _same_subject, _same_arguments, _same_call_beside):
        new = _unpaired(new, gone, alike) if gone else new
    return new


def is_of_copy(one: Raised, base: SourceFile) -> bool:
    """A call that the base wrote the same, of a copy of the same library: `from lib import requests` is gone."""
    at = one.alarm.at
    if not isinstance(at, Call) or not at.name:
        return False
    former = [call.name for call in base.calls if call.written == at.written and normalised(call) == one.code]
    return any(name.endswith(f".{at.name}") and name.split(".")[-at.name.count(".") - 2] in COPIES for name in former)


def _unpaired(new: list[Marked], gone: list[Raised], alike: Callable[[Raised], Key | None]) -> list[Marked]:
    """Those that no alarm of the base stands for; each stands for one, the one most like it, and is then taken off
    `gone`."""
    formers: dict[Key, list[Raised]] = {}
    for one in gone:
        if (key := alike(one)) is not None:
            formers.setdefault(key, []).append(one)
    groups: dict[Key, list[Marked]] = {}
    for marked in new:
        if (key := alike(marked[0])) is not None and key in formers:
            groups.setdefault(key, []).append(marked)
    paired = [pair for key, group in groups.items() for pair in _pairs(group, formers[key])]
    matched, stood = {id(one) for (one, _), _ in paired}, {id(former) for _, former in paired}
    gone[:] = [one for one in gone if id(one) not in stood]
    return [marked for marked in new if id(marked[0]) not in matched]


def _pairs(group: list[Marked], formers: list[Raised]) -> Iterator[tuple[Marked, Raised]]:
    if len(group) <= len(formers) or len(group) * len(formers) > COMPARED:
        yield from zip(group, formers, strict=False)
        return
    likeness = {
        (here, there): SequenceMatcher(None, one.code, former.code, autojunk=False).ratio()
        for here, (one, _) in enumerate(group)
        for there, former in enumerate(formers)
    }
    while likeness:
        here, there = max(likeness, key=lambda pair: likeness[pair])
        yield group[here], formers[there]
        likeness = {pair: like for pair, like in likeness.items() if pair[0] != here and pair[1] != there}


def _same_code(one: Raised) -> Key:
    return one.rule.name, one.code


def _same_beginning(one: Raised) -> Key | None:
    shape = one.alarm.at
    if shape.end_line == shape.start_line:
        return None
    return one.rule.name, one.scope, *shape.file.line_text(shape.start_line).split()


def _same_arguments(one: Raised) -> Key | None:
    """A function of the same name that is given the same: its module has another one, as `urllib2` has in Python 3."""
    at = one.alarm.at
    if not isinstance(at, Call) or not at.name:
        return None
    return one.rule.name, one.scope, at.method, *(" ".join(argument.text.split()) for argument in at.all_arguments)


def _same_subject(one: Raised) -> Key | None:
    """What is called, or named, in the same function: its arguments, or its type, were changed and not its fault. A
    loop's header is all that tells it from others."""
    shape = one.alarm.at
    if isinstance(shape, Call):
        return one.rule.name, one.scope, shape.written
    if isinstance(shape, Binding):
        return one.rule.name, one.scope, text_of(shape.target)
    return (one.rule.name, one.scope, "loop") if isinstance(shape, Loop) and one.scope else None


def _same_call_beside(one: Raised) -> Key | None:
    """The same function is called in the same class: one such call went and another came."""
    at = one.alarm.at
    return (one.rule.name, one.scope.rpartition(".")[0], at.written) if isinstance(at, Call) else None
