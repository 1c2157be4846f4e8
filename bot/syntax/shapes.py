"""The shapes that every language shares: what a rule sees of a file.

Shapes are made in one pass over the tree and know their surroundings (`outer`); what costs time is worked out when
asked for. They live and die with their SourceFile and never leave the process.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

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

    @cached_property
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
    def function(self) -> "Function | None":
        """The innermost function or lambda around this shape."""
        return next(self.around(Function), None)

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
    @cached_property
    def name(self) -> str:
        return self.file.language.name_of(self.node)


class Function(Shape):
    """A function, method, lambda or arrow function."""

    @cached_property
    def name(self) -> str:
        """Its own name; for a lambda the name it is assigned to; else empty."""
        return self.file.language.name_of(self.node)

    @cached_property
    def qualified_name(self) -> str:
        """Such as `Client.fetch` or `outer.inner`; anonymous functions take the name of what surrounds them."""
        return qualified(self)

    @cached_property
    def is_async(self) -> bool:
        return self.file.language.is_async(self.node)

    @property
    def is_anonymous(self) -> bool:
        return self.node.child_by_field_name("name") is None

    @cached_property
    def parameters(self) -> "Mapping[str, Node | None]":
        """Parameter name → the node of its type, where one is written."""
        return dict(self.file.language.parameters(self.node))

    @cached_property
    def enclosing_class(self) -> str:
        """Simple name of the class it belongs to; in Go, of its receiver."""
        return self.file.language.class_of(self.node) or next((c.name for c in self.around(Class)), "")


class Loop(Shape):
    @cached_property
    def is_endless(self) -> bool:
        """True for `while True`, `for {}`, `for (;;)` and their like."""
        return self.file.language.is_endless(self.node)

    @cached_property
    def counts(self) -> bool:
        """True where the loop counts tries (`for i in range(n)`, `for i := 0; …`), rather than walks over items."""
        return self.file.language.counts(self.node)

    @cached_property
    def header(self) -> str:
        """Its text up to the body, spaces squeezed."""
        body = self.body
        end = body.start_byte if body is not None else self.node.end_byte
        return " ".join(self.file.between(self.node.start_byte, end).split())


class Try(Shape): ...


class Finally(Shape): ...


class Switch(Shape): ...


class Handler(Shape):
    """Where a failure is dealt with: `except`, `catch`, or Go's `if err != nil`."""

    @cached_property
    def caught(self) -> tuple[str, ...]:
        """Canonical names of what it catches; empty where it catches everything."""
        return tuple(self.file.canonical(node, self) or text_of(node) for node in self.caught_nodes)

    @cached_property
    def caught_nodes(self) -> "tuple[Node, ...]":
        return tuple(self.file.language.caught(self.node))

    @cached_property
    def variable(self) -> str:
        return self.file.language.caught_variable(self.node)

    @cached_property
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

    @cached_property
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


@dataclass(frozen=True)
class Argument:
    """One argument of a call. `name` is its keyword (or the field of a literal), empty where it is positional."""

    node: "Node"
    name: str = ""

    @cached_property
    def text(self) -> str:
        return text_of(self.node)


class Call(Shape):
    """A call, a construction (`new X()`), or a literal of a type with fields (Go's `X{…}`)."""

    @cached_property
    def name(self) -> str:
        """Canonical name through imports and assignments, such as `requests.Session.get`; empty where unknown."""
        return self.file.canonical(self.node, self.outer)

    @cached_property
    def notes(self) -> dict[str, object]:
        """What other rooms have worked out about this call and want to keep."""
        return {}

    @cached_property
    def _callee(self) -> "tuple[Node | None, str]":
        return self.file.language.callee(self.node)

    @property
    def method(self) -> str:
        """The last part of what is called, as written."""
        return self._callee[1]

    @property
    def receiver(self) -> "Node | None":
        return self._callee[0]

    @cached_property
    def written(self) -> str:
        """What is called, as written, such as `self.session.get`; long ones are cut to their method."""
        receiver = text_of(self.receiver) if self.receiver is not None else ""
        text = f"{receiver}.{self.method}" if receiver else self.method or self.text.split("(")[0].split("{")[0]
        return text if len(text) <= 40 and "\n" not in text else self.method

    @property
    def receiver_call(self) -> "Call | None":
        """The call whose result this one is made on: in `a().b()`, for b, that is `a()`."""
        return self.file.call_at(self.receiver)

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """Names of all methods called one on the other up to this one, such as `newBuilder, timeout, build`."""
        earlier = self.receiver_call
        return (*(earlier.chain if earlier else ()), self.method)

    @cached_property
    def origin(self) -> "Call | None":
        """The call that made the receiver, followed through one assignment; None where that is not certain."""
        return self.receiver_call or (self.file.origin(self.receiver, self.outer) if self.receiver else None)

    @cached_property
    def all_arguments(self) -> tuple[Argument, ...]:
        return tuple(self.file.language.arguments(self.node))

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return tuple(a for a in self.all_arguments if not a.name)

    @cached_property
    def keywords(self) -> Mapping[str, Argument]:
        return {a.name: a for a in self.all_arguments if a.name and a.name != "*"}

    @property
    def has_splat(self) -> bool:
        """True where arguments are spread in (`*a`, `**k`, `...x`): what they hold cannot be known."""
        return any(a.name == "*" for a in self.all_arguments)

    @cached_property
    def _use(self) -> "tuple[str, bool, Node | None]":
        return self.file.language.use_of(self.node)

    @property
    def use(self) -> str:
        """What becomes of the result.

        `discarded`, `returned`, `assigned`, `argument`, `receiver`, `managed` (with, using), `task` (go),
        `deferred`, `decorator` or `other`.
        """
        return self._use[0]

    @property
    def is_awaited(self) -> bool:
        return self._use[1]

    @property
    def user(self) -> "Node | None":
        """The node that uses the result: the statement, assignment, argument list …"""
        return self._use[2]

    @cached_property
    def assigned_to(self) -> str:
        """The name the result is kept under, where it is assigned."""
        return self.file.assigned_name(self)


@dataclass(eq=False)
class Binding(Shape):
    """A name (or attribute) given a value: assignment, declaration, `with … as`, field, using."""

    target: "Node | None" = None
    value: "Node | None" = None
    index: int = 0
    """Position in a tuple that is taken apart."""
    type: "Node | None" = None


class Comment(Shape):
    @property
    def stands_alone(self) -> bool:
        """True where nothing but the comment is on its line."""
        line = self.file.line_bytes(self.start_line)
        return not line[: self.node.start_point.column].strip()


def text_of(node: "Node | None") -> str:
    if node is None or node.text is None:
        return ""
    return str(node.text.decode("utf-8", "replace"))


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
