"""From alarms to findings: place, evidence and identity."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.domain import Finding
from bot.rules.rule import Alarm, Rule
from bot.rules.weighing import confidence_of, own_confidence_of, severity_of
from bot.syntax import Call, Handler, Loop, Node, Shape, SourceFile

if TYPE_CHECKING:
    from bot.domain import Suggestion

SHOWN_LINES = 4
"""Longer shapes are shown by their first line."""
EVIDENCE_CHARS = 400
CODE_CHARS = 600
CLOSING = frozenset(")]}")


@dataclass(frozen=True)
class Raised:
    """An alarm with what tells it from others: its rule, scope and normalised code."""

    rule: Rule
    alarm: Alarm
    scope: str
    code: str
    asked: Shape | None = None
    """The shape that the rule was asked about; None where that was the whole file."""

    @property
    def start_line(self) -> int:
        return self.alarm.at.start_line

    @property
    def end_line(self) -> int:
        last = self.alarm.last_line or self.alarm.at.end_line
        if isinstance(self.alarm.at, Loop) or last - self.start_line >= SHOWN_LINES:
            return self.start_line
        return last

    @property
    def lines(self) -> range:
        return range(self.start_line, self.end_line + 1)

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.rule.name, self.scope, self.code


class Look(NamedTuple):
    """What an alarm looks like wherever it stands: of two files, to tell whether code moved between them."""

    rule: str
    code: str
    """All of it: of a handler with what it guards, of a loop with its body."""
    name: str
    """Of the function, without the class around it."""
    subject: str
    """What is called; empty where it is no call."""


def look_of(one: Raised) -> Look:
    at = one.alarm.at
    code = one.code
    if isinstance(at, Loop | Handler):
        whole = at.guarded.node if isinstance(at, Handler) and at.guarded is not None else at.node
        code = _in_words(whole, whole.end_byte)
    return Look(one.rule.name, code, one.scope.rpartition(".")[2], at.written if isinstance(at, Call) else "")


def raised(rule: Rule, alarm: Alarm, asked: Shape | None = None) -> Raised:
    return Raised(rule, alarm, alarm.at.scope, normalised(alarm.at), asked)


def normalised(shape: Shape) -> str:
    """The shape's words, without comments, spacing, quotes' style and trailing commas: what a formatter leaves alone.

    Of a loop and of an exception's handler the header; the rest may change without changing what is said of it.
    """
    body = shape.body if isinstance(shape, Loop | Handler) else None
    end = body.start_byte if body is not None else shape.node.end_byte
    return _in_words(shape.node, end)


def _in_words(node: Node, end: int) -> str:
    words = [*_words(node, end), ""]
    kept = (word for word, after in pairwise(words) if word != "," or after not in CLOSING)
    return " ".join(kept).replace("ioutil . ReadAll", "io . ReadAll")[:CODE_CHARS]  # Go 1.16 moved it


def _words(whole: Node, end: int) -> Iterator[str]:
    stack, is_cut = [whole], end < whole.end_byte
    while stack:
        node = stack.pop()
        kind = node.type
        if "comment" in kind or (is_cut and node.start_byte >= end):
            continue
        if "string" in kind or not (parts := node.children):
            word = (node.text or b"").decode("utf-8", "replace").replace("'", '"').strip()
            if word and word != ";":
                yield word
        else:
            stack += reversed(parts)


def numbered(alarms: Iterable[Raised], added: frozenset[int]) -> Iterator[tuple[Raised, int]]:
    """Each alarm with its ordinal among equals. Those on lines the change wrote come last: older ones keep theirs."""
    groups: dict[tuple[str, str, str], list[Raised]] = {}
    for one in alarms:
        groups.setdefault(one.identity, []).append(one)
    for equals in groups.values():
        equals.sort(key=lambda one: (not added.isdisjoint(one.lines), one.start_line))
        yield from ((one, ordinal) for ordinal, one in enumerate(equals))


def fingerprint(one: Raised, ordinal: int, path_at_first: str) -> str:
    """Identity across pushes, moves, reformatting and renames: 16 hexadecimal digits."""
    parts = (one.rule.name, path_at_first, one.scope, one.code, str(ordinal))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def evidence(one: Raised, file: SourceFile) -> str:
    """The lines the finding stands on, as they are in the file."""
    return "\n".join(file.line_text(number) for number in one.lines)[:EVIDENCE_CHARS]


def finding(one: Raised, mark: str, file: SourceFile, suggestion: "Suggestion | None" = None) -> Finding:
    rule, alarm = one.rule, one.alarm
    return Finding(
        path=file.path,
        start_line=one.start_line,
        end_line=one.end_line,
        class_=rule.class_,
        kind=rule.kind,
        rule=rule.name,
        severity=severity_of(rule, alarm, file),
        confidence=confidence_of(rule, alarm, file),
        own_confidence=own_confidence_of(rule, alarm, file),
        source="rule",
        title=alarm.title,
        body=f"{alarm.body}\n\n**Fix:** {alarm.fix}",
        evidence=evidence(one, file),
        suggestion=suggestion,
        scope=one.scope,
        fingerprint=mark,
    )
