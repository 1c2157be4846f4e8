"""TypeScript and TSX: JavaScript with types."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from bot.syntax.languages.javascript import JavaScript
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_SHAPES: Mapping[str, tuple[str, ...]] = {
    **JavaScript.shapes,
    "class": ("class_declaration", "class", "abstract_class_declaration"),
    "binding": ("variable_declarator", "assignment_expression", "public_field_definition"),
}


class TypeScript(JavaScript):
    name = "typescript"
    title = "TypeScript"
    apis = "javascript"
    suffixes: ClassVar[tuple[str, ...]] = (".ts", ".mts", ".cts")
    fences = "ts"

    shapes = _SHAPES
    members = {  # noqa: RUF012 - a table
        "member_expression": ("object", "property"),
        "nested_type_identifier": ("module", "name"),
    }
    identifiers = JavaScript.identifiers | {"type_identifier"}
    futures = frozenset({"Promise", "PromiseLike"})
    wrappers = JavaScript.wrappers | {
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_annotation",
        "generic_type",
    }

    def grammar(self) -> object:
        import tree_sitter_typescript

        return tree_sitter_typescript.language_typescript()

    def annotated(self, node: "Node") -> "Node | None":
        inner = self.unwrap(node) if node.type == "type_annotation" else node
        if inner is None or inner.type != "union_type":
            return inner
        kept = [child for child in inner.named_children if text_of(child) not in ("null", "undefined")]
        return self.annotated(kept[0]) if len(kept) == 1 else None

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        use, is_awaited, user = super().use_of(node)
        return use, is_awaited or _begins_with_await(node), user


class Tsx(TypeScript):
    """Its own grammar, because `<T>x` means something else there; the same language to everybody outside."""

    suffixes = (".tsx",)
    fences = "tsx"

    def grammar(self) -> object:
        import tree_sitter_typescript

        return tree_sitter_typescript.language_tsx()


def _begins_with_await(call: "Node") -> bool:
    """With type arguments, `await load<Order>(id)`, the grammar puts the `await` inside of the call."""
    inner: Node | None = call
    while inner is not None and inner.type in ("call_expression", "member_expression"):
        inner = inner.child_by_field_name("function") or inner.child_by_field_name("object")
    return inner is not None and inner.type == "await_expression"
