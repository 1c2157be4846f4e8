"""A language: how its grammar's nodes map to the shapes all languages share. One subclass a file in `languages/`."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from tree_sitter import Language as Grammar
from tree_sitter import Parser, Query

from bot.syntax.calls import Argument
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.shapes import Function

    BindingParts = tuple["Node | None", "Node | None", int, "Node | None"]


class Language(ABC):
    """Subclasses name node kinds; the few things that cannot be said by kinds are methods."""

    name: ClassVar[str]
    """As in rules, catalogue file names and findings: `python`."""
    title: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    line_comment: ClassVar[str] = "//"
    apis: ClassVar[str] = ""
    """The file of config/apis that knows its libraries; empty where it goes by the language's name."""
    more_apis: ClassVar[tuple[str, ...]] = ()
    """Further files of config/apis, of languages whose libraries it uses; its own file has the first word."""
    fences: ClassVar[str]
    """The name of the language in a Markdown fence."""

    shapes: ClassVar[Mapping[str, tuple[str, ...]]]
    """Shape → its node kinds; the one combined query of the language is made of it."""
    more_patterns: ClassVar[str] = ""
    """Patterns of that query for shapes that cannot be told by their node kind."""
    members: ClassVar[Mapping[str, tuple[str, str]]]
    """Node kind of `a.b` → its fields for `a` and `b`."""
    identifiers: ClassVar[frozenset[str]] = frozenset({"identifier"})
    wrappers: ClassVar[frozenset[str]] = frozenset()
    """Node kinds that stand for what they hold: `await x`, `(x)`, `x as T`."""
    awaits: ClassVar[frozenset[str]] = frozenset()
    uses: ClassVar[Mapping[str, str]]
    """Kind of the node above an expression → what becomes of its value (see Call.use)."""
    no_ops: ClassVar[frozenset[str]] = frozenset({"comment", "empty_statement"})
    futures: ClassVar[frozenset[str]] = frozenset()
    """Simple names of the types of a result that comes later."""
    is_code: ClassVar[bool] = True
    """False for configuration and schema, which have documents or statements instead of the shapes of code."""
    field_kinds: ClassVar[frozenset[str]] = frozenset()
    """Node kinds of names that are fields of the object wherever they stand (`@x`)."""
    fields_are_bare: ClassVar[bool] = False
    """True where a method names its object's fields without `this.`."""

    @abstractmethod
    def grammar(self) -> object:
        """The capsule of the tree-sitter grammar."""

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(self.grammar())

    @cached_property
    def query(self) -> Query:
        """Made once for the life of the process: many small queries cost eight times as much."""
        patterns = (f"[{' '.join(f'({kind})' for kind in kinds)}] @{shape}" for shape, kinds in self.shapes.items())
        return Query(self._grammar, "\n".join((*patterns, self.more_patterns)))

    @cached_property
    def call_kinds(self) -> frozenset[str]:
        return frozenset(self.shapes["call"])

    def parser(self) -> Parser:
        """A new one each time: a parser must not be shared by threads and keeps state after a cancelled parse."""
        return Parser(self._grammar)

    # Nodes → parts

    def body_of(self, node: "Node") -> "Node | None":
        return node.child_by_field_name("body")

    def name_of(self, node: "Node") -> str:
        return text_of(node.child_by_field_name("name"))

    def unwrap(self, node: "Node") -> "Node | None":
        """What a wrapper holds."""
        return next((child for child in node.named_children if child.type != "comment"), None)

    def member(self, node: "Node") -> "tuple[Node | None, str]":
        owner, name = self.members[node.type]
        return node.child_by_field_name(owner), text_of(node.child_by_field_name(name))

    @abstractmethod
    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        """Of a call: the receiver (None for a plain name) and the name called; the name is empty for `f()()`."""

    @abstractmethod
    def arguments(self, node: "Node") -> Iterator[Argument]:
        """The arguments of a call; spread ones are named `*`."""

    def entries(self, node: "Node") -> "Mapping[str, Node] | None":
        """Keys of an object literal → the nodes of their values (`*` for what is spread in); None where it is none."""
        return None

    def annotated(self, node: "Node") -> "Node | None":
        """The one type that an annotation allows beside nothing: X of `X | None`; None where there are several."""
        return node

    def walked_over(self, node: "Node") -> "Node | None":
        """What a comprehension inside a node walks over; None where there is none."""
        return None

    @abstractmethod
    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        """(local name, canonical name); the local name is `*` where everything of a package comes in."""

    @abstractmethod
    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        """(target, value, position in a tuple, type) of each name that an assignment or declaration gives a value."""

    @abstractmethod
    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        """(name, type) of each parameter of a function."""

    def returned_type(self, node: "Node") -> "Node | None":
        """The result type written in a function's header."""
        return next((type_ for field in RESULT if (type_ := node.child_by_field_name(field)) is not None), None)

    def self_names(self, function: "Function") -> frozenset[str]:
        """What a method calls its own object."""
        return frozenset({"this"})

    def class_of(self, node: "Node") -> str:
        """The class of a method that is written outside of it."""
        return ""

    def builtin(self, name: str, wildcards: list[str]) -> str:
        """Canonical name of a name that the file neither defines nor imports."""
        return name

    def held(self, node: "Node") -> "Iterator[Node]":
        """What a section (`synchronized (x)`, `with x`) holds while it runs."""
        yield from ()

    def modifiers(self, node: "Node") -> frozenset[str]:
        """Words before a declaration, such as `static` or `volatile`; annotations with their `@`."""
        return frozenset()

    # Questions

    def is_async(self, node: "Node") -> bool:
        return any(child.type == "async" for child in node.children)

    def is_call(self, node: "Node") -> bool:
        return True

    def is_shape(self, kind: str, node: "Node") -> bool:
        """False where a node of a shape's kind is none after all, such as an `if` that handles no error."""
        return kind != "handler" or self.is_handler(node)

    def is_handler(self, node: "Node") -> bool:
        return True

    def is_lock(self, node: "Node") -> bool:
        """True for a section that the language itself lets only one thread into."""
        return node.type in ("synchronized_statement", "lock_statement")

    def is_test(self, node: "Node") -> bool:
        """True inside of tests that lie in one file with the code they test."""
        return False

    def is_endless(self, node: "Node") -> bool:
        condition = node.child_by_field_name("condition")
        if node.type in ("while_statement", "do_statement"):
            return text_of(condition).strip("() ") in ("true", "True", "1")
        return node.type == "for_statement" and (condition is None or condition.type == "empty_statement")

    def counts(self, node: "Node") -> bool:
        """True where the loop counts up to a limit instead of walking over items."""
        return node.type in ("while_statement", "do_statement", "for_statement") and not self.is_endless(node)

    def caught(self, node: "Node") -> "Iterator[Node]":
        """The type nodes that a handler catches."""
        yield from ()

    def caught_variable(self, node: "Node") -> str:
        return text_of(node.child_by_field_name("parameter"))

    def statements(self, node: "Node") -> "Iterator[Node]":
        body = self.body_of(node)
        for child in body.named_children if body is not None else ():
            if child.type not in self.no_ops:
                yield child

    def jump_kind(self, node: "Node") -> str:
        kind = node.type.split("_")[0]
        return "raise" if kind == "throw" else kind

    def is_labelled(self, node: "Node") -> bool:
        """True for a jump to a label."""
        return bool(node.named_children) and node.type in ("break_statement", "continue_statement")

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        """(what becomes of a value, whether it is awaited on the way, the node that uses it)."""
        awaited = False
        here, above = node, node.parent
        while above is not None and above.type in self.wrappers:
            awaited = awaited or above.type in self.awaits
            here, above = above, above.parent
        if above is None:
            return "other", awaited, None
        use = self.uses.get(above.type, "other")
        if above.type in self.members and above.child_by_field_name(self.members[above.type][0]) == here:
            use = "receiver"
        return use, awaited, above

    def mentions(self, name: str, within: "Node") -> "Iterator[Node]":
        """The identifiers of that name inside a node, in order; what stands in strings and comments is left out."""
        start, text = within.start_byte, within.text or b""
        for match in re.finditer(rb"\b" + re.escape(name.encode()) + rb"\b", text):
            low, high = start + match.start(), start + match.end()
            node = within.descendant_for_byte_range(low, high)
            if node is not None and node.type in self.identifiers and (node.start_byte, node.end_byte) == (low, high):
                yield node


RESULT = ("return_type", "returns", "type", "result")
"""The fields that grammars keep a function's result type in."""
