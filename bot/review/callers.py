"""Functions that nothing calls but tests, and lines that are commented out: what they lack costs nobody anything."""

from collections.abc import Iterable

from bot.domain import Finding
from bot.domain.searching import Hit, Search
from bot.errors import SourceError
from bot.review.stages import Desk
from bot.syntax import Class, Function, is_test_path, parse

_HASHED = (".py", ".pyi", ".ipynb")
_SLASHED = (".go", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte")
"""Code, by what its comments begin with."""
_SPEAKS = (".md", ".mdx", ".rst", ".txt", ".adoc", ".html", ".j2", ".sh")
_SETS = (".toml", ".cfg", ".ini", ".yaml", ".yml", ".json")
"""What is documented, or named in settings, somebody may call whom the repository does not show."""
_INHERITS = ("superclasses", "class_heritage")
MOST_NAMES = 10
"""Each is a look through all of the head."""


def uncalled_functions(findings: Iterable[Finding], desk: Desk, search: Search) -> frozenset[tuple[str, str]]:
    """(path, scope) of the functions around the findings that tests, or commented lines, speak of and nothing else.

    One that nothing at all speaks of stays out: a framework may call it, or the change that comes next.
    """
    places = sorted({(one.path, one.scope) for one in findings if one.scope})[:MOST_NAMES]
    asked = [(path, desk.snapshot.contents[path], scope) for path, scope in places]
    lines = desk.guard.map(read_line_of, asked)
    return frozenset(
        place
        for place, line in zip(places, lines, strict=True)
        if isinstance(line, int) and _is_left(place, line, search)
    )


def read_line_of(asked: tuple[str, bytes, str]) -> int:
    """Runs in a guarded process. The line on which the function gets its name; 0 where a framework may call it: by a
    decorator, or as part of a class that inherits."""
    path, content, scope = asked
    file = parse(path, content)
    functions = file.functions if file is not None else []
    found = [one for one in functions if one.qualified_name == scope and not one.is_anonymous]
    if len(found) != 1 or _is_of_a_framework(found[0]):
        return 0
    name = found[0].node.child_by_field_name("name")
    return name.start_point[0] + 1 if name is not None else 0


def _is_of_a_framework(function: Function) -> bool:
    near = [function.node, function.node.parent, function.node.prev_named_sibling]
    if any(node is not None and "decorat" in node.type for node in (*near, *function.node.children)):
        return True
    return any(
        one.node.child_by_field_name(_INHERITS[0]) is not None or any(c.type in _INHERITS for c in one.node.children)
        for one in function.around(Class)
    )


def _is_left(place: tuple[str, str], line: int, search: Search) -> bool:
    path, scope = place
    if not line:
        return False
    try:
        hits = search.find([scope.rpartition(".")[2]], (*_HASHED, *_SLASHED, *_SPEAKS, *_SETS))
    except SourceError:
        return False
    others = [hit for hit in hits if (hit.path, hit.line) != (path, line)]
    return bool(others) and all(map(_calls_nothing, others))


def _calls_nothing(hit: Hit) -> bool:
    """`*args` and `*found = …` are no comments, and `#own()` of JavaScript neither."""
    marks = ("#",) if hit.path.endswith(_HASHED) else ("//", "/*", "* ") if hit.path.endswith(_SLASHED) else ()
    return is_test_path(hit.path) or hit.text.lstrip().startswith(marks)
