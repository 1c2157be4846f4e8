"""Kotlin. Its grammar names hardly any field, so parts are found by their kind and place."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.regex import regex
from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.languages import java
from bot.syntax.languages.kotlin_parts import (
    COROUTINES,
    INLINE,
    is_head,
    lambda_of,
    last_of,
    taker_of,
    type_in,
    value_of,
)
from bot.syntax.languages.kotlin_words import NULLS, PACKAGE_OF
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts

BLOCKS = ("block", "function_body", "class_body", "enum_class_body", "lambda_literal")
LOCKS = frozenset({"synchronized", "withLock"})
_COUNTED = regex(r"\.\.|\b(?:until|downTo)\b|\.indices\b")


class Kotlin(Language):
    name = "kotlin"
    title = "Kotlin"
    suffixes = (".kt", ".kts")
    fences = "kotlin"
    more_apis = ("java",)

    shapes = {  # noqa: RUF012 - a table
        "call": ("call_expression",),
        "function": (
            "function_declaration",
            "anonymous_function",
            "lambda_literal",
            "secondary_constructor",
            "anonymous_initializer",
            "getter",
            "setter",
        ),
        "class": ("class_declaration", "object_declaration", "companion_object", "object_literal"),
        "loop": ("while_statement", "do_while_statement", "for_statement", "call_expression"),
        "try": ("try_expression",),
        "handler": ("catch_block",),
        "finally": ("finally_block",),
        "section": ("call_expression",),
        "jump": ("return_expression", "throw_expression"),
        "binding": ("property_declaration", "assignment", "class_parameter"),
        "import": ("import",),
        "comment": ("line_comment", "block_comment"),
    }
    more_patterns = (
        '((identifier) @jump (#any-of? @jump "break" "continue"))\n'
        '((labeled_expression) @jump (#match? @jump "^(break|continue)@"))'
    )
    members = {"navigation_expression": ("", "")}  # noqa: RUF012
    identifiers = frozenset({"identifier", "this_expression"})
    wrappers = frozenset(
        {"parenthesized_expression", "nullable_type", "as_expression", "unary_expression", "user_type"}
        | {"value_argument", "annotated_expression"}
    )
    uses = {  # noqa: RUF012
        "property_declaration": "assigned",
        "assignment": "assigned",
        "value_arguments": "argument",
        "return_expression": "returned",
        "function_body": "returned",
        "source_file": "discarded",
    }
    no_ops = frozenset({"line_comment", "block_comment", "lambda_parameters"})
    futures = frozenset({"Deferred", "CompletableFuture", "Future"})
    fields_are_bare = True

    def grammar(self) -> object:
        import tree_sitter_kotlin

        return tree_sitter_kotlin.language()

    def is_shape(self, kind: str, node: "Node") -> bool:
        if kind == "function" and node.type == "lambda_literal":
            return taker_of(node) not in INLINE
        if node.type != "call_expression":
            return True
        if lambda_of(node) is None:
            return False
        method = self.callee(node)[1]
        return method in LOCKS if kind == "section" else method == "repeat"

    def is_call(self, node: "Node") -> bool:
        return not is_head(node)

    def is_lock(self, node: "Node") -> bool:
        return True

    def body_of(self, node: "Node") -> "Node | None":
        kind = node.type
        if kind == "lambda_literal":
            return node
        if kind == "call_expression":
            return lambda_of(node)
        if kind in ("while_statement", "for_statement"):
            last = node.named_children[-1] if node.named_children else None
            return None if last is None or last == node.child_by_field_name("condition") else last
        body = next((child for child in node.named_children if child.type in BLOCKS), None)
        inner = body.named_children[0] if body is not None and body.named_children else None
        return inner if kind != "class_body" and inner is not None and inner.type == "block" else body

    def name_of(self, node: "Node") -> str:
        if (name := node.child_by_field_name("name")) is not None:
            return text_of(name)
        if node.type == "companion_object":  # its members are called as if they were the class's own
            above = node.parent.parent if node.parent is not None else None
            return self.name_of(above) if above is not None else ""
        above = node.parent
        if above is None or above.type != "property_declaration":
            return ""
        return text_of(next((target for target, _, _, _ in self.bindings(above)), None))

    def unwrap(self, node: "Node") -> "Node | None":
        if node.type == "user_type":
            return next((child for child in reversed(node.named_children) if child.type == "identifier"), None)
        inner = [child for child in node.named_children if child.type not in ("annotation", *self.no_ops)]
        if node.type == "value_argument":
            return inner[-1] if inner else None
        return inner[0] if inner else None

    def member(self, node: "Node") -> "tuple[Node | None, str]":
        inner = node.named_children
        return (inner[0], text_of(inner[-1])) if len(inner) > 1 else (None, "")

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        function = node.named_children[0] if node.named_children else None
        if function is not None and function.type == "call_expression" and is_head(function):
            function = function.named_children[0]
        if function is not None and function.type in self.members:
            return self.member(function)
        return None, text_of(function) if function is not None and function.type == "identifier" else ""

    def arguments(self, node: "Node") -> Iterator[Argument]:
        head = node.named_children[0] if node.named_children else None
        holder = head if head is not None and head.type == "call_expression" and is_head(head) else node
        given = next((child for child in holder.named_children if child.type == "value_arguments"), None)
        for child in given.named_children if given is not None else ():
            value = self.unwrap(child) if child.type == "value_argument" else None
            if value is not None and value.type == "spread_expression":
                yield Argument(value, "*")
            elif value is not None:
                named = any(part.type == "=" for part in child.children)
                yield Argument(value, text_of(child.named_children[0]) if named else "")
        if (trailing := lambda_of(node)) is not None:
            yield Argument(trailing)

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        path = text_of(next((child for child in node.named_children if child.type == "qualified_identifier"), None))
        alias = next((child for child in node.named_children if child.type == "identifier"), None)
        if any(child.type == "*" for child in node.children):
            yield "*", path
        else:
            yield text_of(alias) or path.rsplit(".", 1)[-1], path

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        if node.type == "assignment":
            plain = text_of(node.child_by_field_name("operator")) == "="
            yield node.child_by_field_name("left"), node.child_by_field_name("right") if plain else None, 0, None
            return
        inner = node.named_children
        if node.type == "class_parameter":
            yield next((c for c in inner if c.type == "identifier"), None), None, 0, type_in(inner)
            return
        places = [i for i, child in enumerate(inner) if child.type.endswith("variable_declaration")]
        if not places:
            return
        declared, value = inner[places[0]], value_of(inner[places[0] + 1 :])
        if declared.type == "multi_variable_declaration":
            for index, one in enumerate(declared.named_children):
                yield (one.named_children[0] if one.named_children else None), value, index + 1, None
        elif declared.named_children:
            names = [child for child in declared.named_children if child.type == "identifier"]
            yield (names[0] if names else None), value, 0, type_in(declared.named_children)

    def modifiers(self, node: "Node") -> frozenset[str]:
        given = next((child for child in node.named_children if child.type == "modifiers"), None)
        return frozenset(text_of(child) for child in given.named_children) if given is not None else frozenset()

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        kinds = ("function_value_parameters", "lambda_parameters")
        given = next((child for child in node.named_children if child.type in kinds), None)
        for child in given.named_children if given is not None else ():
            name = next((part for part in child.named_children if part.type == "identifier"), None)
            if name is not None:
                yield text_of(name), type_in(child.named_children)
        if given is None and node.type == "lambda_literal":
            yield "it", None

    def returned_type(self, node: "Node") -> "Node | None":
        kinds = [child.type for child in node.named_children]
        if "function_value_parameters" not in kinds:
            return None
        return type_in(node.named_children[kinds.index("function_value_parameters") :])

    def is_async(self, node: "Node") -> bool:
        if node.type == "lambda_literal":
            return taker_of(node) in COROUTINES
        return "suspend" in self.modifiers(node)

    def is_endless(self, node: "Node") -> bool:
        return text_of(node.child_by_field_name("condition")).strip("() ") == "true"

    def counts(self, node: "Node") -> bool:
        if node.type != "for_statement":
            return not self.is_endless(node)
        inner = node.named_children
        return len(inner) > 1 and bool(_COUNTED.search(text_of(inner[1])))

    def caught(self, node: "Node") -> "Iterator[Node]":
        if (type_ := type_in(node.named_children)) is not None:
            yield type_

    def caught_variable(self, node: "Node") -> str:
        return text_of(next((child for child in node.named_children if child.type == "identifier"), None))

    def jump_kind(self, node: "Node") -> str:
        if node.type in ("identifier", "labeled_expression"):
            return text_of(node).split("@")[0]
        label = text_of(node.child_by_field_name("label"))
        return "continue" if label in INLINE else super().jump_kind(node)

    def is_labelled(self, node: "Node") -> bool:
        return node.type == "labeled_expression"

    def held(self, node: "Node") -> "Iterator[Node]":
        receiver, method = self.callee(node)
        given = next(self.arguments(node), None)
        if method == "synchronized" and given is not None:
            yield given.node
        elif receiver is not None:
            yield receiver

    def mentions(self, name: str, within: "Node") -> "Iterator[Node]":
        """Those in strings (`"…$name…"`) as well: the grammar sees no identifier there."""
        yield from super().mentions(name, within)
        start, text = within.start_byte, within.text or b""
        for match in re.finditer(rb"(?<=\$)" + re.escape(name.encode()) + rb"\b", text):
            node = within.descendant_for_byte_range(start + match.start(), start + match.end())
            if node is not None and node.type == "string_content":
                yield node

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        use, _, user = super().use_of(node)
        here = node
        while here.parent is not None and here.parent != user:
            here = here.parent
        if user is not None and user.type == "navigation_expression":
            use = "receiver" if user.named_children[0] == here else "other"
        elif user is not None and use == "other":
            use = self._use_as_statement(here, user)
        return use, False, user

    def _use_as_statement(self, node: "Node", above: "Node") -> str:
        """What becomes of the value of a line: of the last one of a lambda, `if`, `when` or `try` it is their value."""
        kind = above.type
        if kind == "block":
            holder = above.parent
            if holder is None or holder.type not in VALUED or node != last_of(above, self.no_ops):
                return "discarded"
            return self._use_as_statement(above, holder)
        if kind == "lambda_literal":
            return "returned" if node == last_of(above, self.no_ops) else "discarded"
        if kind in ("while_statement", "for_statement", "do_while_statement"):
            return "discarded" if node == self.body_of(above) else "other"
        if kind not in VALUED or node == above.child_by_field_name("condition"):
            return "other"
        whole = above.parent if kind in ("when_entry", "catch_block") else above
        use = self.use_of(whole)[0] if whole is not None else "other"
        return use if use in ("discarded", "returned") else "other"

    def builtin(self, name: str, wildcards: list[str]) -> str:
        package = PACKAGE_OF.get(name, "")
        if package in wildcards:
            return f"{package}.{name}"
        return name if name in NULLS else java.qualified(name, wildcards)


VALUED = ("if_expression", "when_entry", "try_expression", "catch_block")
