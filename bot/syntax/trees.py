"""From text to tree, at once or from the tree of a text that was much like it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Point, Tree

    from bot.syntax.language import Language


class Replaced(NamedTuple):
    """The bytes `start..end` of a text now are others, as many as up to `new_end`."""

    start: int
    end: int
    new_end: int


def tree_of(text: bytes, language: "Language", like: "Tree | None" = None) -> "Tree":
    """The tree of a text. `like`: one of `tree_edited`, from which all that did not change is taken.

    Only sound texts are parsed from another tree: of one with errors the grammar may make one thing when it reads it
    at once, and another when it goes on from what it had.
    """
    text = _readable(text)
    if like is not None and not like.root_node.has_error:
        tree = language.parser().parse(text, like)
        if not tree.root_node.has_error:
            return tree
    return language.parser().parse(text)


def tree_edited(tree: "Tree", former: bytes, text: bytes, pieces: Sequence[Replaced]) -> "Tree":
    """A copy of the tree of `former` that is told which pieces of it are others in `text`, in their order."""
    edited = tree.copy()
    shift = sum(piece.new_end - piece.end for piece in pieces)
    for start, end, new_end in reversed(pieces):  # from the end: what lies before stays where it is
        shift -= new_end - end
        begins, instead = _point(former[:start]), text[start + shift : new_end + shift]
        edited.edit(start, end, new_end, begins, _point(former[:end]), _point(former[:start] + instead))
    return edited


def _point(text: bytes) -> "Point | tuple[int, int]":
    """Row and column of a text's end."""
    return text.count(b"\n"), len(text) - text.rfind(b"\n") - 1


def _readable(text: bytes) -> bytes:
    """The text with a question mark for each byte that is not UTF-8: places stay, and queries can read every node."""
    try:
        text.decode()
        return text
    except UnicodeDecodeError:
        plain = text.decode("utf-8", "surrogateescape")
        return "".join("?" if "\udc80" <= sign <= "\udcff" else sign for sign in plain).encode()


def error_count(tree: "Tree") -> int:
    """ERROR and MISSING nodes. The flag `has_error` alone is not to be trusted: grammars raise it without cause."""
    if not tree.root_node.has_error:
        return 0
    count, stack = 0, [tree.root_node]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            count += 1
        stack.extend(child for child in node.children if child.has_error or child.is_missing)
    return count
