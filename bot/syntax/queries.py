"""Questions that come as data: tree-sitter queries which somebody else wrote. Run them in a guarded process only."""

from functools import lru_cache

from tree_sitter import Language as Grammar
from tree_sitter import Query, QueryCursor, QueryError

from bot.regex import regex
from bot.syntax.language import Language
from bot.syntax.parse import all_languages
from bot.syntax.shapes import Class, Function, Shape, encloses
from bot.syntax.source_file import SourceFile

FINDING = "finding"
"""The capture that is reported."""
PREDICATES = frozenset({"eq?", "not-eq?", "match?", "not-match?", "any-of?"})
"""Others are passed over in silence by the binding, or crash it (`#set!`)."""
MATCH_LIMIT = 2000
_NOT_CODE = regex(r'"(?:\\.|[^"\\])*"|;[^\n]*')
_PREDICATE = regex(r"#([^\s()]+)")


def flaw_of_query(text: str, languages: tuple[str, ...]) -> str:
    """Why a query cannot be asked of these languages, and what to do; empty where it can."""
    for name in _PREDICATE.findall(_NOT_CODE.sub('""', text)):
        if name not in PREDICATES:
            instead = ' (write #not-match? with "^(a|b)$")' if name == "not-any-of?" else ""
            return (
                f"#{name} is no predicate here{instead}; there are {', '.join(f'#{one}' for one in sorted(PREDICATES))}"
            )
    for language in all_languages():
        if language.name not in languages:
            continue
        try:
            query = _compiled(language, text)
        except (QueryError, ValueError) as wrong:
            return f"{language.title} does not understand it: {wrong}"
        if FINDING not in {query.capture_name(index) for index in range(query.capture_count)}:
            return f"it captures nothing as @{FINDING}; put @{FINDING} after what is to be reported"
    return ""


def found_by_query(text: str, file: SourceFile) -> tuple[list[Shape], bool]:
    """What it captures as @finding, in the order of the text, and whether that is all. Raises QueryError."""
    cursor = QueryCursor(_compiled(file.language, text), match_limit=MATCH_LIMIT)
    nodes = {
        (node.start_byte, node.end_byte): node
        for _, captures in cursor.matches(file.tree.root_node)
        for node in captures.get(FINDING, ())[:1]
    }
    shapes = [shape_at(file, *place) for place in sorted(nodes)[:MATCH_LIMIT]]
    return shapes, not cursor.did_exceed_match_limit and len(nodes) <= MATCH_LIMIT


def shape_at(file: SourceFile, start_byte: int, end_byte: int) -> Shape:
    """The piece of the tree at these bytes, with the function or class around it."""
    node = file.tree.root_node.descendant_for_byte_range(start_byte, end_byte) or file.tree.root_node
    around: Shape | None = None
    for shape in (*file.classes, *file.functions):
        if isinstance(shape, Class | Function) and shape.node.id != node.id and encloses(shape.node, node):
            around = shape if around is None or encloses(around.node, shape) else around
    return Shape(node, file, around)


@lru_cache(maxsize=256)
def _compiled(language: Language, text: str) -> Query:
    return Query(Grammar(language.grammar()), text)
