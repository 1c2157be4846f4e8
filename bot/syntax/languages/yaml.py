"""YAML. A file with template marks is not YAML yet, and has no documents."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.syntax.documents import Document, Part
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.source_file import SourceFile

TEMPLATES = (b"{{", b"{%", b"<%")
WRAPPERS = ("block_node", "flow_node")
MAPPINGS = ("block_mapping", "flow_mapping")
LISTS = ("block_sequence", "flow_sequence")
ASIDE = ("comment", "anchor", "tag")
QUOTED = ("single_quote_scalar", "double_quote_scalar")


class Yaml(Document):
    name = "yaml"
    title = "YAML"
    suffixes = (".yaml", ".yml")
    line_comment = "#"
    fences = "yaml"

    def grammar(self) -> object:
        import tree_sitter_yaml

        return tree_sitter_yaml.language()

    def documents(self, file: "SourceFile") -> Iterator[Part]:
        if any(mark in file.text for mark in TEMPLATES):
            return
        for document in file.tree.root_node.named_children:
            value = self.unwrap(document) if document.type == "document" else None
            if value is not None:
                yield _part(value, file, None, "")


def _part(node: "Node", file: "SourceFile", outer: Part | None, key: str, at: "Node | None" = None) -> Part:
    """`at`: the pair or item that the value is written in, where that says more."""
    value: Node | None = node
    while value is not None and value.type in WRAPPERS:
        value = next((child for child in value.named_children if child.type not in ASIDE), None)
    part = Part(at or node, file, outer, key)
    if part.is_bottom:
        return part
    if value is None or value.type == "alias":
        part.is_unknown = value is not None
    elif value.type in MAPPINGS:
        for pair in value.named_children:
            _add_pair(pair, part)
    elif value.type in LISTS:
        for item in value.named_children:
            inner = next((child for child in item.named_children if child.type not in ASIDE), None)
            given = inner if item.type == "block_sequence_item" else item
            if given is not None and item.type not in ASIDE:
                part.items.append(_part(given, file, part, "", item))
    else:
        text = text_of(value)
        part.scalar = text[1:-1] if value.type in QUOTED else text
    return part


def _add_pair(pair: "Node", part: Part) -> None:
    name, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
    if name is None:
        return
    key = text_of(name).strip("\"'")
    if key == "<<":
        part.is_unknown = True
    elif value is not None:
        part.entries.setdefault(key, []).append(_part(value, part.file, part, key, pair))
    else:
        part.entries.setdefault(key, []).append(Part(pair, part.file, part, key))
