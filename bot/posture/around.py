"""What stands around a call and may protect it: sections, decorators, annotations, functions it is handed to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.posture.sheet import Sheet, rows_along
from bot.regex import regex
from bot.rules.api_rows import Deadline, Metric, Protector, Retry, Row
from bot.rules.apis import known
from bot.rules.own import own_functions
from bot.syntax import Call, Class, Function, Node, Section, Shape

PROTECTING = (Protector, Deadline, Retry)
_ANNOTATION = regex(r"@([A-Z]\w*)\s*(\((?:[^()]|\([^()]*\))*\))?")
_SUSPECTS = {
    "timeout": regex(r"(?i)time_?out|deadline|resilien|time_?limit"),
    "retry": regex(r"(?i)retr(?:y|ies)|backoff|resilien|attempt"),
    "breaker": regex(r"(?i)breaker|circuit|resilien|hystrix"),
    "bulkhead": regex(r"(?i)bulkhead|semaphore|resilien|max_?concurren"),
    "throttle": regex(r"(?i)throttl|rate_?limit|resilien"),
    "fallback": regex(r"(?i)fallback|resilien|or_?default|stale"),
    "metrics": regex(r"(?i)metric|timed|instrument|observ|traced?$"),
}


@dataclass(frozen=True)
class Wrap:
    """Something known that stands around a call. `text`: of an annotation, whose arguments no call holds."""

    row: Row
    call: Call | None
    node: Node
    text: str = ""


@dataclass(frozen=True)
class Surroundings:
    """All that stands around one call."""

    call: Call
    sheet: Sheet
    handed_to: Call | None = None

    @cached_property
    def wraps(self) -> tuple[Wrap, ...]:
        return tuple(self._wraps())

    @cached_property
    def doubts(self) -> dict[str, str]:
        """Protection → the place of something that, by its name, may be one and cannot be looked into."""
        found: dict[str, str] = {}
        for wrapper in self._wrappers:
            if any(isinstance(row, PROTECTING) for row, _ in rows_along(wrapper)):
                continue
            for name, suspect in _SUSPECTS.items():
                if suspect.search(wrapper.written):
                    found.setdefault(name, f"`{wrapper.written}`, {self.sheet.place(wrapper)}")
        return found

    @cached_property
    def own_wrappers(self) -> tuple[Function, ...]:
        """Functions of this file that are handed the call, or decorate a function around it."""
        return tuple(function for wrapper in self._wrappers for function in own_functions(wrapper))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions around it, innermost first."""
        return tuple(self.call.around(Function))

    def known_beside(self) -> Iterator[tuple[Row, Call]]:
        """What is known of the other calls of its own function."""
        function = next((f for f in self.functions if not f.is_anonymous), None)
        calls = self.sheet.file.within(self.sheet.file.calls, function.node) if function else []
        for other in calls:
            if other is not self.call:
                yield from ((row, other) for row in known(other))

    def _wraps(self) -> Iterator[Wrap]:
        for wrapper in self._wrappers:
            for row, link in rows_along(wrapper):
                if isinstance(row, PROTECTING):
                    yield Wrap(row, link, link.node)
        for section in self.call.around(Section):
            yield from self._held(section)
        yield from self._annotations()
        later = self.sheet.file.call_on(self.call)
        while later is not None:
            for row in known(later):
                if isinstance(row, PROTECTING):
                    yield Wrap(row, later, later.node)
            later = self.sheet.file.call_on(later)
        for row, other in self.known_beside():
            follows = other.node.start_byte < self.call.node.start_byte
            if isinstance(row, Protector) and ((row.beside and follows) or isinstance(row, Metric)):
                yield Wrap(row, other, other.node)

    def _held(self, section: Section) -> Iterator[Wrap]:
        for node in section.held:
            made = self.sheet.file.call_at(node) or self.sheet.file.origin(node, section.outer)
            for row, link in rows_along(made) if made is not None else ():
                if isinstance(row, PROTECTING):
                    yield Wrap(row, link, node)

    @cached_property
    def _wrappers(self) -> tuple[Call, ...]:
        """Calls that this one, or a function around it, is handed to; decorators of the functions around it."""
        found = [self.handed_to] if self.handed_to is not None else []
        if (first := self._taker(self.call)) is not None:
            found.append(first)
        for function in self.functions:
            found += self._decorators(function)
            if (taker := self._taker(function)) is not None:
                found.append(taker)
            elif function.name:
                found += self._named_takers(function)
        return tuple({wrapper.node.id: wrapper for wrapper in found}.values())

    def _taker(self, shape: Shape) -> Call | None:
        """The call that has this among its arguments."""
        node = shape.node
        for _ in range(5):
            above = node.parent
            if above is None:
                return None
            if above.type in self.sheet.file.language.call_kinds:
                taker = self.sheet.file.call_at(above)
                is_argument = taker is not None and (taker.receiver is None or not _inside(taker.receiver, shape.node))
                return taker if is_argument and taker is not shape else None
            if above.type in _STATEMENTS or above.type.endswith(("_statement", "_declaration", "_definition")):
                return None
            node = above
        return None

    def _decorators(self, function: Function) -> list[Call]:
        above = function.node.parent
        if above is None or above.type != "decorated_definition":
            return []
        return [
            call
            for call in self.sheet.file.within(self.sheet.file.calls, above)
            if call.node.start_byte < function.node.start_byte
            and (call.use == "decorator" or call.node.type == "decorator")
        ]

    def _named_takers(self, function: Function) -> list[Call]:
        return self.sheet.takers.get(function.name, [])

    def _annotations(self) -> Iterator[Wrap]:
        if not self.sheet.has_annotations:
            return
        for shape in self.call.around(Shape):
            if isinstance(shape, Function | Class):
                body = shape.body
                header = self.sheet.file.between(
                    shape.node.start_byte, body.start_byte if body else shape.node.end_byte
                )
                for name, arguments in _ANNOTATION.findall(header):
                    canonical = self.sheet.file.imports.get(name, name)
                    for row in self.sheet.rows_of_name(canonical):
                        if isinstance(row, PROTECTING):
                            yield Wrap(row, None, shape.node, arguments)


_STATEMENTS = frozenset({"block", "module", "program", "source_file", "class_body"})


def _inside(outer: Node, inner: Node) -> bool:
    return bool(outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte)
