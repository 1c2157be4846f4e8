"""ast-grep patterns: code with holes, such as `gateway.send($$$ARGS)`. The engine is an optional extra, `patterns`.

Run them in a guarded process only.
"""

import codecs
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.syntax.parse import all_languages
from bot.syntax.queries import MATCH_LIMIT, shape_at
from bot.syntax.shapes import Shape
from bot.syntax.source_file import SourceFile

INSTALL = 'pip install "seawall[patterns]"'
KNOWN = frozenset(
    {"python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby", "rust", "yaml", "hcl"}
)
"""Languages that ast-grep has too; asked for another one it panics."""


@cache
def is_installed() -> bool:
    return find_spec("ast_grep_py") is not None


def flaw_of_pattern(pattern: str, selector: str, languages: tuple[str, ...]) -> str:
    """Why a pattern cannot be looked for in these languages, and what to do; empty where it can."""
    for language in all_languages():
        if language.name not in languages:
            continue
        if language.name not in KNOWN:
            return f"patterns know no {language.title}; write a `query` instead"
        try:
            _root("", language.name).find_all(_rule(pattern, selector))
        except Exception as wrong:  # noqa: BLE001  the binding raises plain Exception and RuntimeError
            return f"{language.title} does not understand it: {_words(wrong)}"
    return ""


def found_by_pattern(pattern: str, selector: str, file: SourceFile) -> tuple[list[Shape], bool]:
    """What it matches, in the order of the text, and whether that is all."""
    text = file.text.decode("utf-8", "seawall-one-for-one")
    root = _root(text, "tsx" if file.path.lower().endswith(".tsx") else file.language.name)
    ranges = (match.range() for match in root.find_all(_rule(pattern, selector)))
    places = sorted({(range_.start.index, range_.end.index) for range_ in ranges})
    offsets = _byte_offsets(text, {at for place in places[:MATCH_LIMIT] for at in place})
    shapes = [shape_at(file, offsets[start], offsets[end]) for start, end in places[:MATCH_LIMIT]]
    return shapes, len(places) <= MATCH_LIMIT


def _root(text: str, language: str) -> Any:
    return import_module("ast_grep_py").SgRoot(text, language).root()


def _rule(pattern: str, selector: str) -> dict[str, Any]:
    return {"rule": {"pattern": {"context": pattern, "selector": selector} if selector else pattern}}


def _words(wrong: Exception) -> str:
    """The innermost cause; a stack of the library's own follows it."""
    lines = str(wrong).partition("Stack backtrace")[0].strip().splitlines()
    return lines[-1].strip().lstrip("0123456789: ") if lines else type(wrong).__name__


def _byte_offsets(text: str, wanted: set[int]) -> dict[int, int]:
    """Character index → byte offset: ast-grep counts characters, tree-sitter bytes."""
    if text.isascii():
        return {at: at for at in wanted}
    offsets: dict[int, int] = {}
    seen, so_far = 0, 0
    for at in sorted(wanted):
        so_far += len(text[seen:at].encode())
        offsets[at], seen = so_far, at
    return offsets


def _one_for_one(wrong: UnicodeError) -> tuple[str, int]:
    """A byte that is no text becomes one `?`, so that places stay where they are."""
    assert isinstance(wrong, UnicodeDecodeError)
    return "?" * (wrong.end - wrong.start), wrong.end


codecs.register_error("seawall-one-for-one", _one_for_one)
