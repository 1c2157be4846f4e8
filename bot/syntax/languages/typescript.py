"""TypeScript and TSX: JavaScript with types."""

from collections.abc import Mapping
from typing import ClassVar

import tree_sitter_typescript

from bot.syntax.languages.javascript import JavaScript

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
    wrappers = JavaScript.wrappers | {
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_annotation",
        "generic_type",
    }

    def grammar(self) -> object:
        return tree_sitter_typescript.language_typescript()


class Tsx(TypeScript):
    """Its own grammar, because `<T>x` means something else there; the same language to everybody outside."""

    suffixes = (".tsx",)
    fences = "tsx"

    def grammar(self) -> object:
        return tree_sitter_typescript.language_tsx()
