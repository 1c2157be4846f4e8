"""JavaScript, and what TypeScript shares with it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts


class JavaScript(Language):
    name = "javascript"
    title = "JavaScript"
    suffixes: ClassVar[tuple[str, ...]] = (".js", ".jsx", ".mjs", ".cjs")
    fences = "js"

    shapes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "call": ("call_expression", "new_expression"),
        "function": (
            "function_declaration",
            "generator_function_declaration",
            "function_expression",
            "generator_function",
            "arrow_function",
            "method_definition",
        ),
        "class": ("class_declaration", "class"),
        "loop": ("while_statement", "do_statement", "for_statement", "for_in_statement"),
        "try": ("try_statement",),
        "handler": ("catch_clause",),
        "finally": ("finally_clause",),
        "switch": ("switch_statement",),
        "jump": ("break_statement", "continue_statement", "return_statement", "throw_statement"),
        "binding": ("variable_declarator", "assignment_expression", "field_definition"),
        "import": ("import_statement", "variable_declarator"),
        "comment": ("comment",),
    }
    members: ClassVar[Mapping[str, tuple[str, str]]] = {"member_expression": ("object", "property")}
    identifiers = frozenset(
        {
            "identifier",
            "property_identifier",
            "this",
            "shorthand_property_identifier",
            "private_property_identifier",
            "shorthand_property_identifier_pattern",
        }
    )
    wrappers = frozenset({"await_expression", "parenthesized_expression"})
    awaits = frozenset({"await_expression"})
    uses = {  # noqa: RUF012
        "expression_statement": "discarded",
        "return_statement": "returned",
        "arrow_function": "returned",
        "variable_declarator": "assigned",
        "assignment_expression": "assigned",
        "field_definition": "assigned",
        "public_field_definition": "assigned",
        "arguments": "argument",
    }

    def grammar(self) -> object:
        import tree_sitter_javascript

        return tree_sitter_javascript.language()

    def name_of(self, node: "Node") -> str:
        if (name := node.child_by_field_name("name")) is not None:
            return text_of(name)
        above = node.parent
        if above is not None and above.type in ("variable_declarator", "field_definition", "public_field_definition"):
            return text_of(above.child_by_field_name("name") or above.child_by_field_name("property"))
        return text_of(above.child_by_field_name("key")) if above is not None and above.type == "pair" else ""

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        while function is not None and function.type in self.wrappers:
            function = self.unwrap(function)
        if function is None or function.type in ("call_expression", "subscript_expression", "import"):
            return None, ""
        if function.type in ("arrow_function", "function_expression"):
            return None, ""
        return self.member(function) if function.type in self.members else (None, text_of(function))

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments")
        for child in given.named_children if given is not None else ():
            if child.type == "spread_element":
                yield Argument(child, "*")
            elif child.type != "comment":
                yield Argument(child)

    def entries(self, node: "Node") -> "Mapping[str, Node] | None":
        while node.type in self.wrappers and (inner := self.unwrap(node)) is not None:
            node = inner
        if node.type != "object":
            return None
        found: dict[str, Node] = {}
        for child in node.named_children:
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if value is not None:
                    found[text_of(key).strip("'\"")] = value
            elif child.type == "spread_element":
                found["*"] = child
            elif child.type != "comment":
                found[text_of(child.child_by_field_name("name") or child)] = child
        return found

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        if node.type == "variable_declarator":
            yield from self._required(node)
            return
        source = _module(node.child_by_field_name("source"))
        for clause in node.named_children:
            if clause.type == "import_require_clause":
                yield text_of(self.unwrap(clause)), _module(clause.child_by_field_name("source"))
            for child in clause.named_children if clause.type == "import_clause" else ():
                if child.type == "identifier":
                    yield text_of(child), source
                elif child.type == "namespace_import":
                    yield text_of(self.unwrap(child)), source
                else:
                    for one in child.named_children:
                        name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                        imported = text_of(name)
                        yield text_of(alias or name), source if imported == "default" else f"{source}.{imported}"

    def _required(self, node: "Node") -> Iterable[tuple[str, str]]:
        """`const x = require("x")`, `const { a, b: c } = require("x").y`."""
        value, target, tail = node.child_by_field_name("value"), node.child_by_field_name("name"), ""
        while value is not None and value.type == "member_expression":
            tail = f".{text_of(value.child_by_field_name('property'))}{tail}"
            value = value.child_by_field_name("object")
        if value is None or target is None or text_of(value.child_by_field_name("function")) != "require":
            return
        given = value.child_by_field_name("arguments")
        module = _module(self.unwrap(given) if given is not None else None) + tail.removesuffix(".default")
        if target.type == "identifier":
            yield text_of(target), module
        for child in target.named_children if target.type == "object_pattern" else ():
            key, local = child.child_by_field_name("key"), child.child_by_field_name("value")
            yield text_of(local or child), f"{module}.{text_of(key or child)}"

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        target = (
            node.child_by_field_name("name")
            or node.child_by_field_name("left")
            or node.child_by_field_name("property")
            or node.child_by_field_name("pattern")
        )
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if value is not None and next(iter(self._required(node)), None) is not None:
            return
        if target is not None and target.type in PATTERNS:
            for index, part in enumerate(_taken_apart(target)):
                yield part, value, index + 1, None
        else:
            yield target, value, 0, node.child_by_field_name("type")

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        given = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        if given is not None and given.type == "identifier":
            yield text_of(given), None
            return
        for child in given.named_children if given is not None else ():
            name = child.child_by_field_name("pattern") or child.child_by_field_name("left") or child
            if name.type in PATTERNS:
                yield from ((text_of(part), None) for part in _taken_apart(name))
            else:
                yield text_of(name), child.child_by_field_name("type")

    def is_endless(self, node: "Node") -> bool:
        if node.type == "for_in_statement":
            return False
        return super().is_endless(node)

    def builtin(self, name: str, wildcards: list[str]) -> str:
        return {"globalThis": "", "window": "", "global": ""}.get(name, name)


PATTERNS = ("object_pattern", "array_pattern")


def _taken_apart(pattern: "Node") -> "Iterator[Node]":
    """The names that a pattern such as `{ a, b: [c], d = 1 }` gives a value."""
    for child in pattern.named_children:
        part = child.child_by_field_name("value") if child.type == "pair_pattern" else child
        while part is not None and part.type in ("assignment_pattern", "object_assignment_pattern", "rest_pattern"):
            part = part.child_by_field_name("left") or next(iter(part.named_children), None)
        if part is not None and part.type in PATTERNS:
            yield from _taken_apart(part)
        elif part is not None:
            yield part


def _module(node: "Node | None") -> str:
    return text_of(node).strip("'\"`").removeprefix("node:")
