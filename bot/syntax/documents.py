"""Files that hold values instead of code: configuration and schema. Their languages have none of the shapes of code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.lazy import lazy
from bot.syntax.shapes import Shape

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts
    from bot.syntax.source_file import SourceFile


DEEPEST = 100
"""Levels of nesting that are looked into: no manifest has a tenth of it, and hostile ones have thousands."""


@dataclass(eq=False)
class Part(Shape):
    """A value in a document: a mapping, a list, a scalar, or something that only its reader can work out."""

    key: str = ""
    """The key it stands under; empty for an item of a list and for a whole document."""
    labels: tuple[str, ...] = ()
    """What stands between a block's key and its brace, as in `resource "aws_instance" "web" {`."""
    entries: "dict[str, list[Part]]" = field(default_factory=dict)
    """Of a mapping: key → its values; more than one where a block is repeated."""
    items: "list[Part]" = field(default_factory=list)
    scalar: str | None = None
    """A plain value as written, without quotes."""
    is_unknown: bool = False
    """True for an alias, a merge, a template or an expression; for a mapping where some of it is such."""

    def __post_init__(self) -> None:
        self.depth: int = self.outer.depth + 1 if isinstance(self.outer, Part) else 0
        if self.depth >= DEEPEST:
            self.is_unknown = True

    @property
    def is_bottom(self) -> bool:
        """True where nobody looks any deeper."""
        return self.depth >= DEEPEST

    def all(self, *keys: str) -> "list[Part]":
        """Every value at the end of a path of keys; lists on the way are walked through."""
        found = [self]
        for key in keys:
            found = [value for part in found for value in part.entries.get(key, ())]
            found = [inner for value in found for inner in (value.items or [value])]
        return found

    def first(self, *keys: str) -> "Part | None":
        return next(iter(self.all(*keys)), None)

    def text_at(self, *keys: str) -> str:
        """The scalar at the end of a path; empty where there is none."""
        part = self.first(*keys)
        return (part.scalar or "") if part is not None else ""

    def knows_all(self, *keys: str) -> bool:
        """False where something on a path of keys cannot be told, so that what is not seen may still be there."""
        return not any(part.is_unknown for index in range(len(keys) + 1) for part in self.all(*keys[:index]))

    @lazy
    def title(self) -> str:
        """What its author calls it."""
        return ".".join(self.labels) or self.text_at("name") or self.text_at("metadata", "name")

    @property
    def scope(self) -> str:
        """The titles of what lies around it and its own, outermost first."""
        above = self.outer.scope if isinstance(self.outer, Part) else ""
        return ".".join(part for part in (above, self.title) if part)


class Document(Language):
    """The languages of such files: comments are all they share with code."""

    is_code = False
    shapes = {"comment": ("comment",)}  # noqa: RUF012 - a table
    members = {}  # noqa: RUF012
    uses = {}  # noqa: RUF012

    def documents(self, file: "SourceFile") -> "Iterator[Part]":
        """The documents of a file, in order."""
        yield from ()

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        return None, ""

    def arguments(self, node: "Node") -> Iterator[Argument]:
        yield from ()

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        return ()

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        yield from ()

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        yield from ()


@lru_cache(maxsize=2)
def documents_of(file: "SourceFile") -> tuple[Part, ...]:
    """The documents of a configuration file; none of a file of code."""
    return tuple(file.language.documents(file)) if isinstance(file.language, Document) else ()
