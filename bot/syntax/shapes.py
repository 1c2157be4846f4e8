"""The shapes that every language shares: what a rule sees of a file.

Shapes are made in one pass over the tree and know their surroundings (`outer`); what costs time is worked out when
asked for. They live and die with their SourceFile and never leave the process.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from bot.syntax.lazy import lazy

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.source_file import SourceFile

S = TypeVar("S", bound="Shape")


@dataclass(eq=False)
class Shape:
    """A piece of the tree. Lines are numbered from 1."""

    node: "Node"
    file: "SourceFile" = field(repr=False)
    outer: "Shape | None" = field(repr=False)

    @property
    def start_line(self) -> int:
        return int(self.node.start_point.row) + 1

    @property
    def end_line(self) -> int:
        return int(self.node.end_point.row) + 1

    @lazy
    def text(self) -> str:
        return text_of(self.node)

    @property
    def body(self) -> "Node | None":
        return self.file.language.body_of(self.node)

    def holds(self, other: "Shape | Node") -> bool:
        """True where the other lies inside this one's body (not in its header)."""
        body = self.body
        return body is not None and encloses(body, other)

    def around(self, kind: type[S]) -> Iterator[S]:
        """The shapes of a kind around this one, innermost first."""
        shape = self.outer
        while shape is not None:
            if isinstance(shape, kind):
                yield shape
            shape = shape.outer

    @property
    def scope(self) -> str:
        """Qualified name of the innermost named function or class around (or being) this shape; or empty."""
        return qualified(self)

    @lazy
    def function(self) -> "Function | None":
        """The innermost function or lambda around this shape."""
        shape = self.outer
        while shape is not None and not isinstance(shape, Function):
            shape = shape.outer
        return shape

    @property
    def loop(self) -> "Loop | None":
        """The innermost loop of the same function whose body holds this shape."""
        for loop in self.around(Loop):
            if loop.function is not self.function:
                return None
            if loop.holds(self):
                return loop
        return None


class Class(Shape):
    @lazy
    def name(self) -> str:
        return self.file.language.name_of(self.node)


class Function(Shape):
    """A function, method, lambda or arrow function."""

    @lazy
    def name(self) -> str:
        """Its own name; for a lambda the name it is assigned to; else empty."""
        return self.file.language.name_of(self.node)

    @lazy
    def qualified_name(self) -> str:
        """Such as `Client.fetch` or `outer.inner`; anonymous functions take the name of what surrounds them."""
        return qualified(self)

    @lazy
    def is_async(self) -> bool:
        return self.file.language.is_async(self.node)

    @property
    def is_anonymous(self) -> bool:
        return self.node.child_by_field_name("name") is None

    @lazy
    def parameters(self) -> "Mapping[str, Node | None]":
        """Parameter name → the node of its type, where one is written."""
        return dict(self.file.language.parameters(self.node))

    @lazy
    def returns(self) -> str:
        """Canonical name of the result type in its header (else its text), without generics; empty without one."""
        node = self.file.language.returned_type(self.node)
        return self.file.canonical(node, self) or text_of(node).lstrip(": ").split("<")[0].split("[")[0]

    @lazy
    def enclosing_class(self) -> str:
        """Simple name of the class it belongs to; in Go, of its receiver."""
        return self.file.language.class_of(self.node) or next((c.name for c in self.around(Class)), "")


class Loop(Shape):
    @lazy
    def is_endless(self) -> bool:
        """True for `while True`, `for {}`, `for (;;)` and their like."""
        return self.file.language.is_endless(self.node)

    @lazy
    def counts(self) -> bool:
        """True where the loop counts tries (`for i in range(n)`, `for i := 0; …`), rather than walks over items."""
        return self.file.language.counts(self.node)

    @lazy
    def header(self) -> str:
        """Its text up to the body, spaces squeezed."""
        body = self.body
        end = body.start_byte if body is not None else self.node.end_byte
        return " ".join(self.file.between(self.node.start_byte, end).split())


class Try(Shape): ...


class Finally(Shape): ...


class Switch(Shape): ...


class Section(Shape):
    """A block that holds something while it runs: `synchronized`, `lock`, `with`, `using`."""

    @lazy
    def held(self) -> "tuple[Node, ...]":
        """The expressions it takes hold of."""
        return tuple(self.file.language.held(self.node))

    @property
    def is_lock(self) -> bool:
        """True where the language itself says that only one thread can be inside."""
        return self.file.language.is_lock(self.node)

    @lazy
    def is_async(self) -> bool:
        return self.file.language.is_async(self.node)


class Handler(Shape):
    """Where a failure is dealt with: `except`, `catch`, or Go's `if err != nil`."""

    @lazy
    def caught(self) -> tuple[str, ...]:
        """Canonical names of what it catches; empty where it catches everything."""
        return tuple(self.file.canonical(node, self) or text_of(node) for node in self.caught_nodes)

    @lazy
    def caught_nodes(self) -> "tuple[Node, ...]":
        return tuple(self.file.language.caught(self.node))

    @lazy
    def variable(self) -> str:
        return self.file.language.caught_variable(self.node)

    @lazy
    def statements(self) -> "tuple[Node, ...]":
        """The statements of its body, comments and no-ops (`pass`, `...`, `;`) left out."""
        return tuple(self.file.language.statements(self.node))

    @property
    def guarded(self) -> "Try | None":
        """The try statement whose failures it takes; Go has none."""
        return self.outer if isinstance(self.outer, Try) else None


@dataclass(eq=False)
class Jump(Shape):
    """`break`, `continue`, `return`, `raise` (throw, panic)."""

    kind: str = ""

    @lazy
    def target(self) -> Shape | None:
        """What it leaves: the loop or switch of a break, the loop of a continue, the function of a return."""
        if self.kind in ("return", "raise"):
            return self.function
        for shape in self.around(Shape):
            if isinstance(shape, Function):
                return None
            if isinstance(shape, Loop) or (self.kind == "break" and isinstance(shape, Switch)):
                return shape
        return None

    def leaves(self, loop: Loop) -> bool:
        """True where it ends the loop."""
        if self.kind in ("return", "raise"):
            return self.function is loop.function
        return self.kind == "break" and (self.target is loop or self.file.language.is_labelled(self.node))


class Comment(Shape):
    @property
    def stands_alone(self) -> bool:
        """True where nothing but the comment is on its line."""
        line = self.file.line_bytes(self.start_line)
        return not line[: self.node.start_point.column].strip()


def text_of(node: "Node | None") -> str:
    text = node.text if node is not None else None
    return text.decode("utf-8", "replace") if text else ""


def encloses(outer: "Node", inner: "Shape | Node") -> bool:
    node = inner.node if isinstance(inner, Shape) else inner
    return bool(outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte)


def qualified(shape: Shape) -> str:
    """Names of the functions and classes around and including this shape, outermost first, joined by dots."""
    parts: list[str] = []
    here: Shape | None = shape
    while here is not None:
        if isinstance(here, Function | Class) and here.name:
            parts.append(here.name)
            if isinstance(here, Function) and (owner := here.file.language.class_of(here.node)):
                parts.append(owner)
        here = here.outer
    return ".".join(reversed(parts))
