"""The functions of the files under review, so that the model is shown whole ones and findings are placed in them."""

from collections.abc import Iterable

from bot.review.excerpt import ScopeOf, ScopeSpan
from bot.review.surroundings.reading import Facts


def scopes_in(facts: Iterable[Facts]) -> ScopeOf:
    """Finds the innermost function around a line. A file that could not be parsed has none."""
    found = {
        fact.path: [ScopeSpan(scope.qualified, scope.start, scope.end) for scope in fact.scopes if scope.is_spanned]
        for fact in facts
    }

    def scope_of(path: str, line: int) -> ScopeSpan | None:
        around = [span for span in found.get(path, ()) if span.start_line <= line <= span.end_line]
        return min(around, key=lambda span: span.end_line - span.start_line, default=None)

    return scope_of
