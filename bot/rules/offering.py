"""Which suggestions of a file are offered: each is tried, those in functions apart from one another in one go.

A suggestion inside a function's body is judged by what rules say about that function, and about the file as a whole,
with the suggestion applied; any other is judged by all that they say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from bot.domain import Suggestion
from bot.rules.engine import alarms_around, alarms_of_file, asked_around
from bot.rules.findings import Raised
from bot.rules.suggestion import Identity, Judged, apply_suggestion, reason_against, suggestion_of
from bot.syntax import Function, SourceFile, parse


@dataclass(frozen=True)
class Text:
    """A text that was scanned: its bytes, its tree and all its alarms."""

    content: bytes
    file: SourceFile
    alarms: Sequence[Raised]

    @cached_property
    def judged(self) -> Judged:
        return Judged(self.file.error_count, _counted(self.alarms))


@dataclass(frozen=True)
class _Trial:
    one: Raised
    suggestion: Suggestion
    within: Function
    """The outermost function around it; its edits are in the body."""


def offered(
    text: Text, wanted: Iterable[Raised], rules_off: tuple[str, ...], judge: Callable[[bytes], Judged | None]
) -> dict[int, Suggestion]:
    """`id` of an alarm → the suggestion to offer for it. `judge` tells what a whole text has."""
    offers: dict[int, Suggestion] = {}
    trials: list[_Trial] = []
    for one in wanted:
        suggestion = suggestion_of(one.alarm.edits, text.file)
        if suggestion is None:
            continue
        within = _function_around(one, suggestion)
        if within is not None:
            trials.append(_Trial(one, suggestion, within))
        elif not reason_against(text.content, suggestion, judge, one.identity, text.judged):
            offers[id(one)] = suggestion
    fit = (trial for group in _groups(trials) for trial in _fit(group, text, rules_off))
    return offers | {id(trial.one): trial.suggestion for trial in fit}


def _function_around(one: Raised, suggestion: Suggestion) -> Function | None:
    """None as well where what it says depends on more than the function."""
    if one.asked is None:
        return None
    around = [one.asked] if isinstance(one.asked, Function) else []
    around += one.asked.around(Function)
    outermost = around[-1] if around else None
    if not isinstance(outermost, Function) or (body := outermost.body) is None:
        return None
    edits = one.alarm.edits
    in_body = all(body.start_byte <= edit.start and edit.end <= body.end_byte for edit in edits)
    in_lines = outermost.start_line <= suggestion.start_line and suggestion.end_line <= outermost.end_line
    return outermost if in_body and in_lines else None


def _groups(trials: Iterable[_Trial]) -> list[list[_Trial]]:
    """Those in functions that share no line, in as few groups as can be, each in the order of the text."""
    groups: list[list[_Trial]] = []
    for trial in trials:
        for group in groups:
            if all(_is_apart(trial.within, other.within) for other in group):
                group.append(trial)
                break
        else:
            groups.append([trial])
    for group in groups:
        group.sort(key=lambda trial: trial.suggestion.start_line)
    return groups


def _is_apart(one: Function, other: Function) -> bool:
    return one.end_line < other.start_line or other.end_line < one.start_line


def _fit(group: list[_Trial], text: Text, rules_off: tuple[str, ...]) -> list[_Trial]:
    """Those of a group that may be offered. Where one of them spoils the file, each is tried alone."""
    starts, edited = _applied(group, text)
    file = parse(text.file.path, edited)
    if file is None or file.error_count > text.file.error_count:
        return _each_alone(group, text, rules_off)
    whole = _counted(one for one in text.alarms if one.asked is None)
    if _counted(alarms_of_file(file, rules_off)) - whole:
        return _each_alone(group, text, rules_off)
    now = {function.node.start_byte: function for function in reversed(file.functions)}
    fit: list[_Trial] = []
    doubtful: list[_Trial] = []
    for trial, start in zip(group, starts, strict=True):
        here = trial.within.node
        function = now.get(start)
        before = _counted(one for one in text.alarms if asked_around(one, here))
        after = _counted(alarms_around(file, function.node, rules_off)) if function is not None else before
        is_gone = after[trial.one.identity] < before[trial.one.identity]
        (fit if is_gone and not after - before else doubtful).append(trial)
    return fit + _each_alone(doubtful, text, rules_off) if len(group) > 1 else fit


def _each_alone(group: list[_Trial], text: Text, rules_off: tuple[str, ...]) -> list[_Trial]:
    return [trial for one in group for trial in _fit([one], text, rules_off)] if len(group) > 1 else []


def _applied(group: list[_Trial], text: Text) -> tuple[list[int], bytes]:
    """Where the function of each begins in the text with all of them applied, and that text."""
    edited, longer = text.content, []
    for trial in reversed(group):  # from the end: lines before it stay where they are
        former = len(edited)
        edited = apply_suggestion(edited, trial.suggestion)
        longer.append(len(edited) - former)
    shifts = accumulate(reversed(longer), initial=0)
    return [one.within.node.start_byte + shift for one, shift in zip(group, shifts, strict=False)], edited


def _counted(alarms: Iterable[Raised]) -> Counter[Identity]:
    return Counter(one.identity for one in alarms)
