"""TypeScript and TSX: JavaScript with types."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import tree_sitter_typescript

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
        return tree_sitter_typescript.language_typescript()

    def annotated(self, node: "Node") -> "Node | None":
        inner = self.unwrap(node) if node.type == "type_annotation" else node
        if inner is None or inner.type != "union_type":
            return inner
        kept = [child for child in inner.named_children if text_of(child) not in ("null", "undefined")]
        return self.annotated(kept[0]) if len(kept) == 1 else None


class Tsx(TypeScript):
    """Its own grammar, because `<T>x` means something else there; the same language to everybody outside."""

    suffixes = (".tsx",)
    fences = "tsx"

    def grammar(self) -> object:
        return tree_sitter_typescript.language_tsx()
