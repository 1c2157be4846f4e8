"""One parsed file: its text, its tree and the shapes in it."""

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tree_sitter import QueryCursor

from bot.syntax.calls import Binding, Call
from bot.syntax.names import Names
from bot.syntax.shapes import (
    Class,
    Comment,
    Finally,
    Function,
    Handler,
    Jump,
    Loop,
    Section,
    Shape,
    Switch,
    Try,
    encloses,
    qualified,
    text_of,
)
from bot.syntax.trees import error_count, tree_of

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from bot.syntax.language import Language

S = TypeVar("S", bound=Shape)


class Span(NamedTuple):
    """A piece of the text, where no node of the tree is at hand."""

    start_byte: int
    end_byte: int


BOM = b"\xef\xbb\xbf"
_BY_PLACE = itemgetter(0, 1, 2)
CONTAINERS: dict[str, type[Shape]] = {
    "class": Class,
    "function": Function,
    "loop": Loop,
    "try": Try,
    "handler": Handler,
    "finally": Finally,
    "switch": Switch,
    "section": Section,
}
KEPT = {"class": "classes", "function": "functions", "loop": "loops", "try": "tries", "handler": "handlers"}
KEPT |= {"finally": "finallies", "section": "sections"}
"""Containers that have a list of their own in the file."""


class SourceFile:
    """Made by `parse`. Lists are in the order of the text. `text` lacks a byte order mark."""

    def __init__(self, path: str, content: bytes, language: "Language", like: "Tree | None" = None) -> None:
        self.path = path
        self.language = language
        self.text = content.removeprefix(BOM)
        self.tree: Tree = tree_of(self.text, language, like)
        self.calls: list[Call] = []
        self.loops: list[Loop] = []
        self.handlers: list[Handler] = []
        self.functions: list[Function] = []
        self.classes: list[Class] = []
        self.tries: list[Try] = []
        self.finallies: list[Finally] = []
        self.jumps: list[Jump] = []
        self.comments: list[Comment] = []
        self.bindings: list[Binding] = []
        self.sends: list[Shape] = []
        self.yields: list[Shape] = []
        self.sections: list[Section] = []
        self.imports: dict[str, str] = {}
        self.wildcards: list[str] = []
        self.told: dict[tuple[object, ...], object] = {}  # what other rooms have worked out and want to keep
        self._lines: list[bytes] | None = None
        self._comment_lines: list[int] | None = None
        self._starts: dict[int, tuple[object, list[int]]] = {}
        self._keepers: dict[int, str] | None = None
        self._callers: dict[int, Call] | None = None
        self._named: dict[str, list[Function]] | None = None
        self._by_name: dict[str, list[Function]] | None = None
        self._calls_by_node: dict[int, Call] = {}
        self._walk()
        self._names = Names(self)

    def _walk(self) -> None:
        found = [
            (node.start_byte, -node.end_byte, index, kind, node)
            for index, (_, captures) in enumerate(QueryCursor(self.language.query).matches(self.tree.root_node))
            for kind, nodes in captures.items()
            for node in nodes
        ]
        found.sort(key=_BY_PLACE)
        outer: Shape | None = None
        for start, _, _, kind, node in found:
            while outer is not None and outer.node.end_byte <= start:
                outer = outer.outer
            outer = self._add(kind, node, outer)

    def _add(self, kind: str, node: "Node", outer: Shape | None) -> Shape | None:
        """Keeps the shape; returns what surrounds the next one."""
        if kind == "call":
            if not self.language.is_call(node):
                return outer
            call = Call(node, self, outer)
            self.calls.append(call)
            self._calls_by_node[node.id] = call
        elif kind == "binding":
            for target, value, index, type_ in self.language.bindings(node):
                self.bindings.append(Binding(node, self, outer, target, value, index, type_))
        elif kind == "jump" and self.language.is_shape(kind, node):
            self.jumps.append(Jump(node, self, outer, self.language.jump_kind(node)))
        elif kind == "comment":
            self.comments.append(Comment(node, self, outer))
        elif kind == "send":
            self.sends.append(Shape(node, self, outer))
        elif kind == "yield":
            self.yields.append(Shape(node, self, outer))
        elif kind == "import":
            for local, canonical in self.language.imports(node):
                if local == "*":
                    self.wildcards.append(canonical)
                else:
                    self.imports[local] = canonical
        elif self.language.is_shape(kind, node):
            shape = CONTAINERS[kind](node, self, outer)
            if kind in KEPT:
                getattr(self, KEPT[kind]).append(shape)
            return shape
        return outer

    @property
    def lines(self) -> list[bytes]:
        if self._lines is None:
            self._lines = self.text.split(b"\n")
        return self._lines

    def line_bytes(self, number: int) -> bytes:
        """The line, without its line ending."""
        return self.lines[number - 1].removesuffix(b"\r") if 0 < number <= len(self.lines) else b""

    def line_text(self, number: int) -> str:
        return self.line_bytes(number).decode("utf-8", "replace")

    def between(self, start_byte: int, end_byte: int) -> str:
        return self.text[start_byte:end_byte].decode("utf-8", "replace")

    @property
    def error_count(self) -> int:
        """How many places the grammar could not make sense of."""
        return error_count(self.tree)

    def scope_at(self, line: int) -> str:
        """Qualified name of the innermost named function or class on that line, such as `Client.fetch`; or empty."""
        best: Shape | None = None
        for shape in (*self.classes, *self.functions):
            named = isinstance(shape, Class | Function) and shape.name
            if named and shape.start_line <= line <= shape.end_line and (best is None or encloses(best.node, shape)):
                best = shape
        return qualified(best) if best is not None else ""

    def function_named(self, qualified_name: str) -> Function | None:
        """The function of that qualified name, where there is just one; where fields are bare, also by its name."""
        if self._named is None:
            self._named = {}
            for function in self.functions:
                names = {function.qualified_name, function.name if self.language.fields_are_bare else ""}
                for name in names if function.name else ():
                    self._named.setdefault(name, []).append(function)
        same = self._named.get(qualified_name, [])
        return same[0] if len(same) == 1 else None

    def functions_named(self, name: str) -> list[Function]:
        """All functions of that simple name."""
        if self._by_name is None:
            self._by_name = {}
            for function in self.functions:
                self._by_name.setdefault(function.name, []).append(function)
        return self._by_name.get(name, [])

    def canonical(self, node: "Node | None", at: Shape | None) -> str:
        """Canonical name of an expression seen from a place; empty where it is not certain."""
        return self._names.canonical(node, at)

    def hides(self, method: str) -> bool:
        """True where a method of that name may be a field that holds something of another name."""
        return "." in method or method in self._names.fields

    def origin(self, node: "Node | None", at: Shape | None) -> Call | None:
        """The one call whose result an expression holds; None where there is none, or more than one."""
        return self._names.origin(node, at)

    def constant(self, node: "Node", at: Shape | None) -> "Node | None":
        """The one value that a name holds as seen from a place; None where it may hold another."""
        return self._names.constant(node, at)

    def call_at(self, node: "Node | None") -> Call | None:
        """The call that is this node, `await` and parentheses taken off."""
        while node is not None and node.type in self.language.wrappers:
            node = self.language.unwrap(node)
        return self._calls_by_node.get(node.id) if node is not None else None

    def assigned_name(self, call: Call) -> str:
        """The name that keeps the call's result (the first, where there are several); or empty."""
        if self._keepers is None:
            self._keepers = {}
            for binding in self.bindings:
                kept = self.call_at(binding.value) if binding.index == 0 else None
                if kept is not None:
                    self._keepers.setdefault(kept.node.id, text_of(binding.target))
        return self._keepers.get(call.node.id, "")

    def within(self, shapes: list[S], node: "Node | Span | None") -> list[S]:
        """Those of one of this file's lists that lie inside a node or are it. By bisection: files have thousands."""
        if node is None:
            return []
        known = self._starts.get(id(shapes))
        if known is None:  # kept together with its list: the id of one that is gone would be given to another
            known = self._starts[id(shapes)] = (shapes, [shape.node.start_byte for shape in shapes])
        starts, start, end = known[1], node.start_byte, node.end_byte
        low, high = bisect_left(starts, start), bisect_left(starts, end)
        while low < high and starts[low] == start and shapes[low].node.end_byte > end:
            low += 1  # what begins there too and holds the node; whatever begins later ends within
        return shapes[low:high]

    def comments_on(self, first_line: int, last_line: int) -> list[Comment]:
        """Comments that begin on these lines."""
        if self._comment_lines is None:
            self._comment_lines = [comment.start_line for comment in self.comments]
        low, high = bisect_left(self._comment_lines, first_line), bisect_right(self._comment_lines, last_line)
        return self.comments[low:high]

    def call_on(self, call: Call) -> Call | None:
        """The call that is made on a call's result: b of `a().b()`."""
        if self._callers is None:
            self._callers = {c.receiver_call.node.id: c for c in self.calls if c.receiver_call is not None}
        return self._callers.get(call.node.id)
