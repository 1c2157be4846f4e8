"""The only room that knows tree-sitter: languages, scopes, imports, and the shapes that all languages share."""

from tree_sitter import Node

from bot.syntax.calls import Argument, Binding, Call
from bot.syntax.documents import Part, documents_of
from bot.syntax.language import Language
from bot.syntax.languages.sql import Statement, statements_of
from bot.syntax.parse import (
    all_languages,
    count_errors,
    language_named,
    language_names,
    language_of,
    parse,
    parse_again,
)
from bot.syntax.paths import is_generated, is_test_path
from bot.syntax.shapes import (
    Class,
    Comment,
    Finally,
    Function,
    Handler,
    Jump,
    Loop,
    Section,
    Shape,
    Switch,
    Try,
    encloses,
    text_of,
)
from bot.syntax.source_file import SourceFile, Span
from bot.syntax.trees import Replaced

__all__ = [
    "Argument",
    "Binding",
    "Call",
    "Class",
    "Comment",
    "Finally",
    "Function",
    "Handler",
    "Jump",
    "Language",
    "Loop",
    "Node",
    "Part",
    "Replaced",
    "Section",
    "Shape",
    "SourceFile",
    "Span",
    "Statement",
    "Switch",
    "Try",
    "all_languages",
    "count_errors",
    "documents_of",
    "encloses",
    "is_generated",
    "is_test_path",
    "language_named",
    "language_names",
    "language_of",
    "parse",
    "parse_again",
    "statements_of",
    "text_of",
]
