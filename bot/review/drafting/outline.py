"""The tree of the quoted lines, as a reader who writes a tree-sitter query needs it. Runs in the guarded processes."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.redaction import masked_closely
from bot.syntax import Node, parse, text_of

_MOST_NODES = 140
_MOST_WORD = 40


class Outline(NamedTuple):
    """The named function or class around the lines, 0 where there is none, and their tree, a node a line."""

    scope: str
    start_line: int
    end_line: int
    tree: str


def outline_of(asked: tuple[str, bytes, int, int, str]) -> Outline:
    """Path, content, first and last line; or 0, 0 and the qualified name of a function whose lines are wanted."""
    path, content, start, end, wanted = asked
    file = parse(path, content)
    if file is None:
        return Outline(wanted, 0, 0, "")
    if wanted:
        functions = [shape for shape in (*file.functions, *file.classes) if shape.scope == wanted]
        around = functions[0] if functions else None
        return Outline(wanted, around.start_line, around.end_line, "") if around else Outline(wanted, 0, 0, "")
    scope = file.scope_at(start)
    shapes = [shape for shape in (*file.functions, *file.classes) if scope and shape.scope == scope]
    inner = min(shapes, key=lambda shape: shape.end_line - shape.start_line, default=None)
    first, last = (inner.start_line, inner.end_line) if inner else (0, 0)
    return Outline(scope, first, last, "\n".join(_tree(file.tree.root_node, start - 1, end - 1)))


def _tree(root: Node, first: int, last: int) -> Iterator[str]:
    """The smallest node that holds these rows, and what is in it."""
    node = root
    while True:
        inside = [one for one in node.named_children if one.start_point.row <= first and one.end_point.row >= last]
        if len(inside) != 1 or _rows(inside[0]) < last - first:
            break
        node = inside[0]
        if node.start_point.row >= first and node.end_point.row <= last:
            break
    stack: list[tuple[Node, int, str]] = [(node, 0, "")]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node, depth, name = stack.pop()
        is_leaf = node.named_child_count == 0 or "string" in node.type
        word = f" {_word(node)}" if is_leaf else ""
        yield f"{'  ' * depth}{f'{name}: ' if name else ''}({node.type}){word}"
        if is_leaf:
            continue
        within: list[tuple[Node, int, str]] = []
        for index in range(node.child_count):
            one = node.child(index)
            if one is not None and one.is_named and one.end_point.row >= first and one.start_point.row <= last:
                within.append((one, depth + 1, node.field_name_for_child(index) or ""))
        stack.extend(reversed(within))
    if stack:
        yield "…"


def _word(node: Node) -> str:
    return masked_closely(" ".join(text_of(node).split()))[:_MOST_WORD]  # in this order: half a secret is no secret


def _rows(node: Node) -> int:
    return int(node.end_point.row - node.start_point.row)
