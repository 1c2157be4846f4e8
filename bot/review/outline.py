"""What a head file is made of: its scopes, and its lines as a formatter and a commentator would leave them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import GuardError
from bot.regex import regex
from bot.review.excerpt import ScopeSpan
from bot.rules.apis import known
from bot.syntax import Class, Function, SourceFile, parse
from bot.syntax.guard import Guard

_MOST_BROKEN = 200
_TRAILING_COMMA = regex(r",(?=[)\]}])")


class CodeLine(NamedTuple):
    number: int
    """Of the head, from 1."""
    text: str
    """Without white space and comments, quotes all alike."""
    code: str
    """Without comments, as it is written."""
    indent: int = 0
    """Columns before it; a tab counts as one."""


@dataclass(frozen=True)
class Outline:
    """One file of the head. `lines` are those that hold code; `broken` those that the grammar cannot make sense of."""

    lines: tuple[CodeLine, ...]
    spans: tuple[ScopeSpan, ...] = ()
    broken: frozenset[int] = frozenset()
    known: frozenset[int] = frozenset()
    """Lines where a call begins of which the rules know something."""

    def has(self, scope: str) -> bool:
        """The file's own level, named by the empty text, is always there."""
        return not scope or any(span.name == scope for span in self.spans)

    def lines_in(self, scope: str) -> list[CodeLine]:
        """The lines of code of every function or class of that name; of the file's own level those outside of all."""
        if scope:
            spans = [span for span in self.spans if span.name == scope]
            return [line for line in self.lines if _is_in(line.number, spans)]
        return [line for line in self.lines if not _is_in(line.number, self.spans)]

    def is_broken(self, scope: str) -> bool:
        """True where the grammar lost its way in that scope, so that a rule's silence there proves nothing."""
        spans = [span for span in self.spans if span.name == scope]
        return any(_is_in(number, spans) if scope else not _is_in(number, self.spans) for number in self.broken)

    def digest_of(self, scope: str) -> str:
        """Of the scope's code, however it is laid out; empty for the file's own level and a scope that is not there."""
        lines = self.lines_in(scope) if scope else []
        code = _TRAILING_COMMA.sub("", "".join(line.text for line in lines))
        return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:16] if lines else ""


def outlines_of(guard: Guard, contents: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, Outline]:
    """The outlines of those files, made in the guarded processes. One that breaks its process has none."""
    files = [(path, contents[path]) for path in dict.fromkeys(paths) if path in contents]
    made = zip((path for path, _ in files), guard.map(_outline, files), strict=True)
    return {path: outline for path, outline in made if not isinstance(outline, GuardError)}


def outline(path: str, content: bytes) -> Outline:
    """The outline of a text; where there is no grammar its lines alone."""
    file = parse(path, content)
    if file is None:
        texts = content.decode("utf-8", "replace").split("\n")
        return Outline(_with_code(enumerate(texts, 1)))
    shapes: list[Class | Function] = [*file.classes, *file.functions]
    spans = tuple(ScopeSpan(shape.scope, shape.start_line, shape.end_line) for shape in shapes if shape.name)
    calls = frozenset(call.start_line for call in file.calls if known(call))
    return Outline(_with_code(sorted(_code(file).items())), spans, _broken(file), calls)


def squashed(text: str) -> str:
    """Without white space, quotes all alike."""
    return "".join(text.split()).replace("'", '"')


def _outline(file: tuple[str, bytes]) -> Outline:
    """Runs in a guarded process."""
    return outline(*file)


def _with_code(lines: Iterable[tuple[int, str]]) -> tuple[CodeLine, ...]:
    return tuple(
        CodeLine(number, text, line.strip(), len(line) - len(line.lstrip()))
        for number, line in lines
        if (text := squashed(line))
    )


def _code(file: SourceFile) -> dict[int, str]:
    """Line number → what stands there beside comments."""
    kept = {number: bytearray(file.line_bytes(number)) for number in range(1, len(file.lines) + 1)}
    for comment in file.comments:
        (first, start), (last, end) = comment.node.start_point, comment.node.end_point
        for row in range(first, last + 1):
            if line := kept.get(row + 1):
                begin = start if row == first else 0
                stop = min(end, len(line)) if row == last else len(line)
                line[begin:stop] = b" " * max(0, stop - begin)
    return {number: line.decode("utf-8", "replace") for number, line in kept.items()}


def _broken(file: SourceFile) -> frozenset[int]:
    if not file.tree.root_node.has_error:
        return frozenset()
    found: set[int] = set()
    stack = [file.tree.root_node]
    while stack and len(found) < _MOST_BROKEN:
        node = stack.pop()
        if node.is_error or node.is_missing:
            found.add(int(node.start_point.row) + 1)
        stack.extend(child for child in node.children if child.has_error or child.is_missing)
    return frozenset(found)


def _is_in(number: int, spans: Iterable[ScopeSpan]) -> bool:
    return any(span.start_line <= number <= span.end_line for span in spans)
