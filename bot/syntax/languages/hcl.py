"""HCL, the language of Terraform."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.syntax.documents import Document, Part
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.source_file import SourceFile


class Hcl(Document):
    name = "hcl"
    title = "Terraform"
    suffixes = (".tf", ".hcl")
    line_comment = "#"
    fences = "hcl"

    def grammar(self) -> object:
        import tree_sitter_hcl

        return tree_sitter_hcl.language()

    def documents(self, file: "SourceFile") -> Iterator[Part]:
        body = next((child for child in file.tree.root_node.named_children if child.type == "body"), None)
        if body is not None:
            whole = Part(body, file, None)
            _fill(whole, body)
            yield whole


def _fill(part: Part, body: "Node") -> None:
    for child in body.named_children:
        if child.type == "block":
            _add_block(part, child)
        elif child.type == "attribute":
            name = text_of(child.named_children[0])
            part.entries.setdefault(name, []).append(_value(child.named_children[-1], part, name, child))


def _add_block(part: Part, node: "Node") -> None:
    name, *rest = node.named_children
    labels = tuple(text_of(child).strip('"') for child in rest if child.type in ("string_lit", "identifier"))
    block = Part(node, part.file, part, text_of(name), labels)
    if block.key == "dynamic":  # it writes blocks of the kind its label names, how many is not known
        part.is_unknown = True
    body = next((child for child in rest if child.type == "body"), None)
    if body is not None and not block.is_bottom:
        _fill(block, body)
    part.entries.setdefault(block.key, []).append(block)


def _value(node: "Node", outer: Part, key: str, at: "Node") -> Part:
    part = Part(at, outer.file, outer, key)
    if part.is_bottom:
        return part
    while node.type in ("expression", "collection_value", "literal_value", "template_expr") and node.named_children:
        node = node.named_children[0]
    if node.type == "object":
        for element in node.named_children:
            if element.type == "object_elem":
                name, value = element.child_by_field_name("key"), element.child_by_field_name("val")
                if name is not None and value is not None:
                    inner = text_of(name).strip('"')
                    part.entries.setdefault(inner, []).append(_value(value, part, inner, element))
    elif node.type == "tuple":
        part.items = [_value(child, part, "", child) for child in node.named_children if child.type == "expression"]
    elif node.type in ("string_lit", "numeric_lit", "bool_lit"):
        part.scalar = text_of(node).strip('"')
    else:
        part.is_unknown = True
    return part
