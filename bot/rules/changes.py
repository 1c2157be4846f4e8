"""One file before and after: which functions changed, and where what they lost would stand now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest
from typing import TypeVar

from bot.rules.once import once_a_file
from bot.rules.own import own_functions
from bot.syntax import Binding, Call, Function, Handler, Jump, Loop, Shape, SourceFile, text_of

S = TypeVar("S", bound=Shape)
LONGEST = 1500
"""Functions of more lines are not compared: lining them up costs time that grows with the square."""

REWORK = 20
"""Lines that are new to a file. On record, of the protections that changes with so many take from a file about a tenth
was lost, and the others had moved."""
SHORT = 12
"""Functions of so few lines may change most of them without being another."""


@dataclass(frozen=True)
class FunctionChange:
    """A named function that both sides have, with different text. Functions with names of their own inside it count
    for themselves."""

    before: Function
    after: Function

    def own(self, function: Function, shapes: list[S]) -> list[S]:
        """Those of a file's shapes that lie in one of the two functions and in no named function inside it."""
        return [shape for shape in function.file.within(shapes, function.node) if named_around(shape) is function]

    @cached_property
    def calls_before(self) -> list[Call]:
        return self.own(self.before, self.before.file.calls)

    @cached_property
    def calls_after(self) -> list[Call]:
        return self.own(self.after, self.after.file.calls)

    @cached_property
    def loops_before(self) -> list[Loop]:
        return self.own(self.before, self.before.file.loops)

    @cached_property
    def loops_after(self) -> list[Loop]:
        return self.own(self.after, self.after.file.loops)

    @cached_property
    def handlers_before(self) -> list[Handler]:
        return self.own(self.before, self.before.file.handlers)

    @cached_property
    def handlers_after(self) -> list[Handler]:
        return self.own(self.after, self.after.file.handlers)

    @cached_property
    def jumps_before(self) -> list[Jump]:
        return self.own(self.before, self.before.file.jumps)

    @cached_property
    def jumps_after(self) -> list[Jump]:
        return self.own(self.after, self.after.file.jumps)

    @cached_property
    def bindings_before(self) -> list[Binding]:
        return self.own(self.before, self.before.file.bindings)

    @cached_property
    def bindings_after(self) -> list[Binding]:
        return self.own(self.after, self.after.file.bindings)

    def is_gone(self, text: str) -> bool:
        """True where the whole file says this less often than before: it did not move to another function, nor is it
        said once for all in one that is called instead."""
        wanted = text.encode()
        if self.after.file.text.count(wanted) >= self.before.file.text.count(wanted):
            return False
        return not any(text in own.text for call in self._calls_added for own in own_functions(call))

    @cached_property
    def _calls_added(self) -> list[Call]:
        there = {call.written for call in self.calls_before}
        return [call for call in self.calls_after if call.written not in there]

    def is_added(self, text: str) -> bool:
        """True where a line that the change brings to the file says this: it moved, or was written another way."""
        return any(text in line for line in _added(self.before.file, self.after.file))

    def adds(self, words: re.Pattern[str]) -> bool:
        """True where a line that the change brings to the file has such words."""
        return any(words.search(line) for line in _added(self.before.file, self.after.file))

    def mentions(self, name: str) -> bool:
        """True where the function still speaks of a name."""
        return next(self.after.file.language.mentions(name, self.after.node), None) is not None

    @cached_property
    def _blocks(self) -> list[tuple[int, int, int]]:
        before = [line.strip() for line in self.before.text.split("\n")]
        after = [line.strip() for line in self.after.text.split("\n")]
        return [
            (block.a, block.b, block.size)
            for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        ]

    @property
    def is_rewritten(self) -> bool:
        """True where less than 60 % of a longer function's lines stayed: what is gone belonged to another design."""
        lines = self.before.end_line - self.before.start_line + 1
        return lines > SHORT and sum(size for _, _, size in self._blocks) < 0.6 * lines

    def line_after(self, line: int) -> int:
        """The line of the head at which a line of the base stands, or would stand."""
        within, best = line - self.before.start_line, 0
        for start, other, size in self._blocks:
            if start <= within < start + size:
                best = other + within - start
                break
            if start > within:
                best = min(best, other)
                break
            best = other + size
        return min(self.after.start_line + best, self.after.end_line)

    def place(self, line: int) -> Shape:
        """What now stands where a line of the base stood: a call, binding or jump at it, else the next, else before."""
        wanted = self.line_after(line)
        file = self.after.file
        shapes: list[Shape] = [*self.calls_after, *self.bindings_after, *self.jumps_after, *self.handlers_after]
        shapes = [shape for shape in shapes if shape.node.id != self.after.node.id and shape.file is file]
        following = [shape for shape in shapes if shape.start_line >= wanted]
        if following:
            return min(following, key=lambda shape: (shape.start_line, shape.node.start_byte, -shape.node.end_byte))
        return max(shapes, key=lambda shape: shape.start_line, default=self.after)


@dataclass(frozen=True)
class FileChange:
    """A file that both sides have."""

    before: SourceFile
    after: SourceFile

    @property
    def is_rework(self) -> bool:
        """True where it writes so much anew that what is gone has mostly moved."""
        return len(_added(self.before, self.after)) >= REWORK

    @cached_property
    def functions(self) -> list[FunctionChange]:
        """The changed ones, those written anew left out. Overloads are told by their parameters, else by their order,
        where none came or went."""
        theirs, ours = _named(self.before), _named(self.after)
        changes = (
            FunctionChange(old, new)
            for name, olds in theirs.items()
            for old, new in _paired(olds, ours.get(name, []))
            if old.text != new.text and max(old.end_line - old.start_line, new.end_line - new.start_line) < LONGEST
        )
        return [change for change in changes if not change.is_rewritten]


@once_a_file
def _added(before: SourceFile, after: SourceFile) -> list[str]:
    """The lines that are new to the file, empty ones left out."""
    there = frozenset(_lines(before))
    return [line for line in _lines(after) if line and line not in there]


def _lines(file: SourceFile) -> list[str]:
    """Without their spacing: what a formatter lines up anew is no new line."""
    return [" ".join(line.split()) for line in file.text.decode("utf-8", "replace").split("\n")]


def named_around(shape: Shape) -> Function | None:
    """The innermost function around a shape that has a name."""
    return next((function for function in shape.around(Function) if function.name), None)


def _named(file: SourceFile) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for function in file.functions:
        if function.name:
            found.setdefault(function.qualified_name, []).append(function)
    return found


def _paired(olds: list[Function], news: list[Function]) -> Iterator[tuple[Function, Function]]:
    if len(olds) == len(news):
        yield from ((old, new) for old, new in zip_longest(olds, news) if old and new)
        return
    by_header = {_parameters(new): new for new in news}
    for old in olds:
        if (same := by_header.get(_parameters(old))) is not None:
            yield old, same


def _parameters(function: Function) -> str:
    return " ".join(text_of(function.node.child_by_field_name("parameters")).split())
