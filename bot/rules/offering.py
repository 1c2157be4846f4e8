"""Which suggestions of a file are offered: each is tried, those in places apart from one another in one go.

A suggestion in the body of a function, or in a statement outside of all, is judged by what rules say about that piece
and about the file as a whole, with the suggestion applied. Any other, such as one in the header of a function, which
others call, is judged by all that they say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

from bot.domain import Suggestion
from bot.rules.engine import alarms_around, alarms_of_file, asked_around
from bot.rules.findings import Raised
from bot.rules.suggestion import Identity, Judged, apply_suggestion, reason_against, suggestion_of
from bot.syntax import Class, Function, Node, Replaced, Shape, SourceFile, Span, parse_again


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
    """A suggestion, and what is scanned again to try it."""

    one: Raised
    suggestion: Suggestion
    place: Span
    """The outermost function, or the statement, around its edits."""
    lines: range


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
        around = _piece_around(one)
        if around is not None:
            lines = range(around.start_point.row + 1, around.end_point.row + 2)
            trials.append(_Trial(one, suggestion, Span(around.start_byte, around.end_byte), lines))
        elif not reason_against(text.content, suggestion, judge, one.identity, text.judged):
            offers[id(one)] = suggestion
    fit = (trial for group in _groups(trials) for trial in _fit(group, text, rules_off))
    return offers | {id(trial.one): trial.suggestion for trial in fit}


def _piece_around(one: Raised) -> Node | None:
    """The outermost function whose body all its edits are in, or the statement outside of functions; None where it
    changes something else, or what is said of it depends on more."""
    asked = one.asked
    if asked is None:
        return None
    functions = [*([asked] if isinstance(asked, Function) else []), *asked.around(Function)]
    piece = functions[-1].node if functions else _statement(asked)
    inner = functions[-1].body if functions else piece
    edits = one.alarm.edits
    if inner is None or not all(inner.start_byte <= edit.start <= edit.end <= inner.end_byte for edit in edits):
        return None
    return piece


def _statement(shape: Shape) -> Node:
    """What holds it directly under its class or file."""
    around = next(shape.around(Class), None)
    body = around.body if around is not None else shape.file.tree.root_node
    node = shape.node
    while node.parent is not None and node.parent != body:
        node = node.parent
    return node


def _groups(trials: Iterable[_Trial]) -> list[list[_Trial]]:
    """Those in pieces that share no line, in as few groups as can be, each in the order of the text."""
    groups: list[list[_Trial]] = []
    for trial in trials:
        for group in groups:
            if all(_are_apart(trial.lines, other.lines) for other in group):
                group.append(trial)
                break
        else:
            groups.append([trial])
    for group in groups:
        group.sort(key=lambda trial: trial.suggestion.start_line)
    return groups


def _are_apart(one: range, other: range) -> bool:
    return one.stop <= other.start or other.stop <= one.start


def _fit(group: list[_Trial], text: Text, rules_off: tuple[str, ...]) -> list[_Trial]:
    """Those of a group that may be offered. One that does not do well with the others is tried alone."""
    fit = _fit_together(group, text, rules_off)
    if len(group) == 1:
        return fit
    offered_already = {id(trial) for trial in fit}
    doubtful = [trial for trial in group if id(trial) not in offered_already]
    return fit + [trial for one in doubtful for trial in _fit_together([one], text, rules_off)]


def _fit_together(group: list[_Trial], text: Text, rules_off: tuple[str, ...]) -> list[_Trial]:
    """Those that do well with all of the group applied; none where the file as a whole is worse for them."""
    places, file = _applied(group, text)
    if file.error_count > text.file.error_count:
        return []
    whole = _counted(one for one in text.alarms if one.asked is None)
    if _counted(alarms_of_file(file, rules_off)) - whole:
        return []
    fit: list[_Trial] = []
    for trial, place in zip(group, places, strict=True):
        before = _counted(one for one in text.alarms if asked_around(one, trial.place))
        after = _counted(alarms_around(file, place, rules_off))
        if after[trial.one.identity] < before[trial.one.identity] and not after - before:
            fit.append(trial)
    return fit


def _applied(group: list[_Trial], text: Text) -> tuple[list[Span], SourceFile]:
    """Where the piece of each is in the file with all of them applied, and that file."""
    edited = text.content
    longer: list[int] = []
    for trial in reversed(group):  # from the end: lines before it stay where they are
        former = len(edited)
        edited = apply_suggestion(edited, trial.suggestion)
        longer.insert(0, len(edited) - former)
    places, shift = [], 0
    for trial, more in zip(group, longer, strict=True):
        places.append(Span(trial.place.start_byte + shift, trial.place.end_byte + shift + more))
        shift += more
    return places, parse_again(text.file, edited, list(map(_written, group, longer, repeat(text.file))))


def _written(trial: _Trial, more: int, file: SourceFile) -> Replaced:
    """The bytes of the lines that a suggestion writes anew, or of those that it takes away with a line break."""
    first, last = trial.suggestion.start_line - 1, trial.suggestion.end_line
    start = sum(len(line) + 1 for line in file.lines[:first])
    end = start + sum(len(line) + 1 for line in file.lines[first:last]) - 1
    if trial.suggestion.text:
        return Replaced(start, end, end + more)
    return Replaced(start, start - more, start) if last < len(file.lines) else Replaced(end + more, end, end + more)


def _counted(alarms: Iterable[Raised]) -> Counter[Identity]:
    return Counter(one.identity for one in alarms)
