"""SQL. Dialects differ more than a grammar can follow, so a file is read as statements made of words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.regex import regex
from bot.syntax.documents import Document
from bot.syntax.lazy import lazy
from bot.syntax.shapes import Shape

if TYPE_CHECKING:
    from bot.syntax.source_file import SourceFile

WORDS = regex(
    rb"""(?P<aside>--[^\n]*|/\*.*?(?:\*/|\Z)|\s+)"""
    rb"""|(?P<code>\$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z))"""
    rb"""|(?P<literal>'(?:[^']|'')*(?:'|\Z))"""
    rb"""|(?P<name>"[^"]*"|`[^`]*`|\[\w+\])"""
    rb"""|(?P<word>[^\W\d][\w$]*)|(?P<sign>\d[\w.]*|::|<>|[<>!]=|.)""",
    re.DOTALL,
)


@dataclass(eq=False)
class Statement(Shape):
    """One statement. `words` are its words and signs in order, names without their quotes."""

    words: tuple[str, ...] = ()

    def says(self, *words: str) -> bool:
        """True where these words follow each other somewhere in it."""
        return self.after(*words) >= 0

    def after(self, *words: str, start: int = 0) -> int:
        """The index behind these words; -1 where they do not follow each other."""
        upper = self.upper
        size = len(words)
        for index in range(start, len(upper) - size + 1):
            if upper[index : index + size] == words:
                return index + size
        return -1

    @lazy
    def upper(self) -> tuple[str, ...]:
        return tuple(word.upper() for word in self.words)


class Sql(Document):
    name = "sql"
    title = "SQL"
    suffixes = (".sql",)
    line_comment = "--"
    fences = "sql"
    shapes = {"comment": ("comment", "marginalia")}  # noqa: RUF012 - a table

    def grammar(self) -> object:
        import tree_sitter_sql

        return tree_sitter_sql.language()


def statements_of(file: "SourceFile") -> list[Statement]:
    """The statements of an SQL file. What stands between dollar quotes is code of its own: one word, `$$`."""
    return list(_statements(file)) if isinstance(file.language, Sql) else []


def _statements(file: "SourceFile") -> Iterator[Statement]:
    words: list[str] = []
    start = end = 0
    for match in WORDS.finditer(file.text):
        if match.lastgroup == "aside":
            continue
        text = match[0].decode("utf-8", "replace")
        if text == ";":
            if words:
                yield _statement(file, start, end, words)
            words = []
            continue
        start, end = (start if words else match.start()), match.end()
        words.append("$$" if match["code"] else text[1:-1] if match["name"] else text)
    if words:
        yield _statement(file, start, end, words)


def _statement(file: "SourceFile", start: int, end: int, words: list[str]) -> Statement:
    node = file.tree.root_node.descendant_for_byte_range(start, end) or file.tree.root_node
    if node.start_byte < start:  # the grammar lost its way: the place is told by the first word at least
        node = file.tree.root_node.descendant_for_byte_range(start, start + 1) or node
    return Statement(node, file, None, tuple(words))
