"""Python."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts
    from bot.syntax.shapes import Function


class Python(Language):
    name = "python"
    title = "Python"
    suffixes = (".py", ".pyi", ".pyw")
    line_comment = "#"
    fences = "python"

    shapes = {  # noqa: RUF012 - a table
        "call": ("call", "decorator"),
        "function": ("function_definition", "lambda"),
        "class": ("class_definition",),
        "loop": ("while_statement", "for_statement"),
        "try": ("try_statement",),
        "handler": ("except_clause",),
        "finally": ("finally_clause",),
        "jump": ("break_statement", "continue_statement", "return_statement", "raise_statement"),
        "binding": ("assignment", "named_expression", "as_pattern"),
        "section": ("with_statement",),
        "yield": ("yield",),
        "import": ("import_statement", "import_from_statement"),
        "comment": ("comment",),
    }
    members = {"attribute": ("object", "attribute")}  # noqa: RUF012
    wrappers = frozenset({"await", "parenthesized_expression", "type", "as_pattern_target"})
    awaits = frozenset({"await"})
    uses = {  # noqa: RUF012
        "expression_statement": "discarded",
        "return_statement": "returned",
        "lambda": "returned",
        "assignment": "assigned",
        "named_expression": "assigned",
        "argument_list": "argument",
        "keyword_argument": "argument",
        "with_item": "managed",
        "as_pattern": "managed",
        "decorator": "decorator",
        "decorated_definition": "decorator",
    }
    futures = frozenset({"Coroutine"})  # what is Awaitable may run already
    no_ops = frozenset({"comment", "pass_statement"})

    def grammar(self) -> object:
        import tree_sitter_python

        return tree_sitter_python.language()

    def body_of(self, node: "Node") -> "Node | None":
        return node.child_by_field_name("body") or next((c for c in node.children if c.type == "block"), None)

    def is_call(self, node: "Node") -> bool:
        """A decorator without parentheses counts as a call; one with them holds a call of its own."""
        inner = self.unwrap(node) if node.type == "decorator" else None
        return inner is None or inner.type != "call"

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        function = node.child_by_field_name("function")
        if node.type == "decorator":
            function = self.unwrap(node)
        if function is None or function.type in ("call", "subscript"):
            return None, ""
        return self.member(function) if function.type in self.members else (None, text_of(function))

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments")
        if given is not None and given.type == "generator_expression":
            yield Argument(given)
            return
        for child in given.named_children if given is not None else ():
            if child.type == "keyword_argument":
                value = child.child_by_field_name("value")
                if value is not None:
                    yield Argument(value, text_of(child.child_by_field_name("name")))
            elif child.type in ("list_splat", "dictionary_splat"):
                yield Argument(child, "*")
            elif child.type != "comment":
                yield Argument(child)

    def annotated(self, node: "Node") -> "Node | None":
        inner = self.unwrap(node) if node.type == "type" else node
        if inner is None:
            return None
        if inner.type == "binary_operator":
            sides = [inner.child_by_field_name("left"), inner.child_by_field_name("right")]
            kept = [side for side in sides if side is not None and side.type != "none"]
            return self.annotated(kept[0]) if len(kept) == 1 else None
        if inner.type == "generic_type" and text_of(self.unwrap(inner)).endswith("Optional"):
            given = inner.named_children[-1]
            return self.annotated(given.named_children[0]) if given.named_child_count == 1 else None
        return inner

    def walked_over(self, node: "Node") -> "Node | None":
        while node.type in ("list_splat", "parenthesized_expression") and (inner := self.unwrap(node)) is not None:
            node = inner
        if node.type not in ("list_comprehension", "generator_expression", "set_comprehension"):
            return None
        clause = next((child for child in node.named_children if child.type == "for_in_clause"), None)
        return clause.child_by_field_name("right") if clause is not None else None

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        module = text_of(node.child_by_field_name("module_name"))
        for child in node.children_by_field_name("name"):
            name, alias = text_of(child.child_by_field_name("name") or child), child.child_by_field_name("alias")
            if module:
                yield text_of(alias) or name, _named_today(f"{module}.{name}")
            elif alias is not None:
                yield text_of(alias), _named_today(name)
            else:
                yield name.split(".")[0], _named_today(name.split(".")[0])
        if module and any(child.type == "wildcard_import" for child in node.children):
            yield "*", module

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        if node.type == "as_pattern":
            value, targets = self.unwrap(node), node.child_by_field_name("alias")
            targets = self.unwrap(targets) if targets is not None else None
            if node.parent is None or node.parent.type != "with_item":
                value = None
        else:
            targets = node.child_by_field_name("left") or node.child_by_field_name("name")
            value = node.child_by_field_name("right") or node.child_by_field_name("value")
        if targets is not None and targets.type in ("pattern_list", "tuple_pattern"):
            for index, target in enumerate(targets.named_children):
                yield target, value, index + 1, None
        else:
            yield targets, value, 0, node.child_by_field_name("type")

    def held(self, node: "Node") -> "Iterator[Node]":
        clause = next((child for child in node.named_children if child.type == "with_clause"), node)
        for item in clause.named_children:
            value = item.child_by_field_name("value") if item.type == "with_item" else None
            if value is not None:
                yield (self.unwrap(value) or value) if value.type == "as_pattern" else value

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        given = node.child_by_field_name("parameters")
        for child in given.named_children if given is not None else ():
            name = child.child_by_field_name("name") or (self.unwrap(child) if child.named_children else child)
            yield text_of(name).lstrip("*"), child.child_by_field_name("type")

    def self_names(self, function: "Function") -> frozenset[str]:
        return frozenset({"self", "cls"})

    def counts(self, node: "Node") -> bool:
        if node.type == "while_statement":
            return not self.is_endless(node)
        iterated = text_of(node.child_by_field_name("right"))
        return iterated.startswith(("range(", "itertools.count(", "count("))

    def is_endless(self, node: "Node") -> bool:
        if node.type == "for_statement":
            return text_of(node.child_by_field_name("right")) in (
                "itertools.count()",
                "count()",
                "itertools.repeat(None)",
            )
        return super().is_endless(node)

    def caught(self, node: "Node") -> "Iterator[Node]":
        value = node.child_by_field_name("value")
        if value is not None and value.type == "as_pattern":
            value = self.unwrap(value)
        if value is not None and value.type in ("tuple", "parenthesized_expression"):
            yield from (child for child in value.named_children if child.type != "comment")
        elif value is not None:
            yield value

    def caught_variable(self, node: "Node") -> str:
        value = node.child_by_field_name("value")
        return text_of(value.child_by_field_name("alias")) if value is not None else ""

    def statements(self, node: "Node") -> "Iterator[Node]":
        for child in super().statements(node):
            if text_of(child) != "...":
                yield child


_MOVED = {
    "six.moves.urllib": "urllib",
    "six.moves.http_client": "http.client",
    "six.moves.xmlrpc_client": "xmlrpc.client",
    "six.moves.queue": "queue",
    "six.moves.socketserver": "socketserver",
    "six.moves.cPickle": "pickle",
    "httplib": "http.client",
    "urllib2": "urllib.request",
    "xmlrpclib": "xmlrpc.client",
    "Queue": "queue",
    "SocketServer": "socketserver",
}
"""Modules of Python 2, and as six names them for both, with their names in Python 3 (six, "Module six.moves")."""


def _named_today(name: str) -> str:
    for old, new in _MOVED.items():
        if name == old or name.startswith(f"{old}."):
            return new + name[len(old) :]
    return name
