"""The functions of the files under review, so that the model is shown whole ones and findings are placed in them."""

from collections.abc import Mapping

from bot.errors import GuardError
from bot.review.excerpt import ScopeOf, ScopeSpan
from bot.syntax import language_of, parse
from bot.syntax.guard import Guard


def scopes_of(guard: Guard, contents: Mapping[str, bytes]) -> ScopeOf:
    """Finds the innermost function around a line. Files are parsed in the guarded processes; a failed one has none."""
    files = [(path, content) for path, content in contents.items() if language_of(path)]
    found = dict(zip((path for path, _ in files), guard.map(_functions, files), strict=True))

    def scope_of(path: str, line: int) -> ScopeSpan | None:
        spans = found.get(path, ())
        if isinstance(spans, GuardError):
            return None
        around = [span for span in spans if span.start_line <= line <= span.end_line]
        return min(around, key=lambda span: span.end_line - span.start_line, default=None)

    return scope_of


def _functions(file: tuple[str, bytes]) -> list[ScopeSpan]:
    """Runs in a guarded process."""
    parsed = parse(*file)
    if parsed is None:
        return []
    return [
        ScopeSpan(function.qualified_name, function.start_line, function.end_line)
        for function in parsed.functions
        if not function.is_anonymous
    ]
