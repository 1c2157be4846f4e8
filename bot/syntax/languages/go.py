"""Go."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.regex import regex
from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts
    from bot.syntax.shapes import Function

_VERSION = regex(r"^v\d+$")
_OF_TESTS = regex(r"^\*?testing\.(?:T|B|F|M|TB)$")
_ERROR = regex(r"(?i)err(?:or)?\d*$")


class Go(Language):
    name = "go"
    title = "Go"
    suffixes = (".go",)
    fences = "go"

    shapes = {  # noqa: RUF012 - a table
        "call": ("call_expression", "composite_literal"),
        "function": ("function_declaration", "method_declaration", "func_literal"),
        "class": ("type_spec",),
        "loop": ("for_statement",),
        "handler": ("if_statement",),
        "switch": ("expression_switch_statement", "type_switch_statement", "select_statement"),
        "jump": ("break_statement", "continue_statement", "return_statement"),
        "binding": ("short_var_declaration", "assignment_statement", "var_spec", "field_declaration"),
        "import": ("import_spec",),
        "send": ("send_statement",),
        "comment": ("comment",),
    }
    members = {"selector_expression": ("operand", "field"), "qualified_type": ("package", "name")}  # noqa: RUF012
    identifiers = frozenset({"identifier", "type_identifier", "package_identifier", "field_identifier"})
    wrappers = frozenset(
        {"parenthesized_expression", "expression_list", "unary_expression", "pointer_type", "generic_type"}
    )
    uses = {  # noqa: RUF012
        "expression_statement": "discarded",
        "return_statement": "returned",
        "short_var_declaration": "assigned",
        "assignment_statement": "assigned",
        "var_spec": "assigned",
        "argument_list": "argument",
        "go_statement": "task",
        "defer_statement": "deferred",
    }

    def grammar(self) -> object:
        import tree_sitter_go

        return tree_sitter_go.language()

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        function = node.child_by_field_name("function") or node.child_by_field_name("type")
        while function is not None and function.type in ("generic_type", "parenthesized_expression"):
            function = self.unwrap(function)
        if function is None or function.type in ("call_expression", "func_literal", "slice_type", "map_type"):
            return None, ""
        return self.member(function) if function.type in self.members else (None, text_of(function))

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments") or node.child_by_field_name("body")
        for child in given.named_children if given is not None else ():
            if child.type == "keyed_element":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                inner = self.unwrap(value) if value is not None else None
                if inner is not None:
                    yield Argument(inner, text_of(key))
            elif child.type == "variadic_argument":
                yield Argument(child, "*")
            elif child.type == "literal_element":
                yield Argument(self.unwrap(child) or child)
            elif child.type != "comment":
                yield Argument(child)

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        path = text_of(node.child_by_field_name("path")).strip('"`')
        name = text_of(node.child_by_field_name("name"))
        if name in ("_", "."):
            return
        yield name or _package_name(path), path

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        type_ = node.child_by_field_name("type")
        if node.type in ("var_spec", "field_declaration"):
            targets = node.children_by_field_name("name")
        else:
            left = node.child_by_field_name("left")
            targets = left.named_children if left is not None else []
        values = node.child_by_field_name("right") or node.child_by_field_name("value")
        listed = [child for child in values.named_children if child.type != "comment"] if values is not None else []
        for index, target in enumerate(targets):
            if len(listed) == len(targets):
                yield target, listed[index], 0, type_
            else:
                yield target, listed[0] if listed else None, index, type_

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        for part in ("receiver", "parameters"):
            given = node.child_by_field_name(part)
            for child in given.named_children if given is not None else ():
                for name in child.children_by_field_name("name"):
                    yield text_of(name), child.child_by_field_name("type")

    def self_names(self, function: "Function") -> frozenset[str]:
        receiver = function.node.child_by_field_name("receiver")
        names = (
            receiver.named_children[0].children_by_field_name("name") if receiver and receiver.named_children else ()
        )
        return frozenset(text_of(name) for name in names)

    def class_of(self, node: "Node") -> str:
        receiver = node.child_by_field_name("receiver")
        if receiver is None or not receiver.named_children:
            return ""
        return text_of(receiver.named_children[0].child_by_field_name("type")).lstrip("*").split("[")[0]

    def name_of(self, node: "Node") -> str:
        if node.type == "func_literal":
            return ""
        return super().name_of(node)

    def is_async(self, node: "Node") -> bool:
        return False

    def is_handler(self, node: "Node") -> bool:
        """`if err != nil` and `if err := f(); err != nil`."""
        condition = node.child_by_field_name("condition")
        if condition is None or condition.type != "binary_expression":
            return False
        left, right = text_of(condition.child_by_field_name("left")), text_of(condition.child_by_field_name("right"))
        operator = text_of(condition.child_by_field_name("operator"))
        return right == "nil" and operator == "!=" and (left == "e" or bool(_ERROR.search(left)))

    def body_of(self, node: "Node") -> "Node | None":
        return node.child_by_field_name("body") or node.child_by_field_name("consequence")

    def caught_variable(self, node: "Node") -> str:
        condition = node.child_by_field_name("condition")
        return text_of(condition.child_by_field_name("left")) if condition is not None else ""

    def statements(self, node: "Node") -> "Iterator[Node]":
        body = self.body_of(node)
        for child in body.named_children if body is not None else ():
            inner = child.named_children if child.type == "statement_list" else [child]
            yield from (statement for statement in inner if statement.type not in self.no_ops)

    def is_test(self, node: "Node") -> bool:
        """Inside of, or being, a function that takes a `testing.T` or its like: only tests can call it."""
        here: Node | None = node
        while here is not None:
            if here.type in self.shapes["function"] and any(
                _OF_TESTS.match(text_of(type_)) for _, type_ in self.parameters(here)
            ):
                return True
            here = here.parent
        return False

    def is_endless(self, node: "Node") -> bool:
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) == 1:
            return True
        clause = inner[0]
        if clause.type == "for_clause":
            return clause.child_by_field_name("condition") is None
        return text_of(clause) == "true"

    def counts(self, node: "Node") -> bool:
        inner = [child for child in node.named_children if child.type != "comment"]
        return not self.is_endless(node) and inner[0].type != "range_clause"


def _package_name(path: str) -> str:
    """What a package is called where the import gives it no name: the usual guess from its path."""
    parts = [part for part in path.split("/") if not _VERSION.match(part)] or [path]
    return parts[-1].removeprefix("go-").removesuffix("-go").split(".")[0]
