"""A finding, its rule and the code around it, in the words a model is given them."""

import re

from bot.domain import Finding
from bot.errors import NotFound
from bot.llm import estimate_tokens
from bot.review.excerpt import Excerpt, ShownLine, head_lines
from bot.review.quote import Place
from bot.review.stages import Desk
from bot.rules import explain

_AROUND = 40


def lines_around(laid: Desk, path: str, place: Place, most_tokens: float) -> str:
    """The lines around a place with their numbers: its function where that is known, and some more."""
    lines = head_lines(path, laid.snapshot.contents[path])
    patch = laid.snapshot.change.by_path.get(path)
    added = patch.added() if patch else frozenset[int]()
    scope = laid.scope_of(path, place.start_line)
    start, end = (scope.start_line, scope.end_line) if scope else (place.start_line, place.end_line)
    reach = _AROUND
    while True:
        first, last = max(1, start - reach), min(len(lines), end + reach)
        shown = Excerpt(
            tuple(ShownLine(at, "+" if at in added else " ", lines[at - 1]) for at in range(first, last + 1))
        )
        text = f"### {path}\n{shown}"
        if estimate_tokens(text) <= most_tokens or reach == 0:
            return text
        if reach <= 1:
            start, end, reach = place.start_line, place.end_line, 0
        else:
            reach //= 2


def finding_told(finding: Finding) -> str:
    """A finding, for a model."""
    lines = f"lines {finding.start_line} to {finding.end_line}"
    return f"{finding.path}, {lines}: {finding.title} ({finding.rule}, {finding.severity})\n{finding.body}"


def rule_told(name: str, most: int = 4000, language: str = "") -> str:
    """The page of a rule; of a kind that only the model finds, its name. `language`: its title; then the examples of
    others are left out, and how the rule is silenced."""
    try:
        page = explain(name)
    except NotFound:
        return f"{name}: no rule finds this by itself; a model reported it."
    if not language:
        return page[:most]
    prose, _, rest = page.partition("\n## Examples\n")
    examples = re.split(r"^### ", rest.partition("\n## To silence it")[0], flags=re.MULTILINE)
    wanted = [f"### {one.strip()}" for one in examples if one.partition("\n")[0].strip() == language]
    return "\n\n".join([prose.strip(), *wanted])[:most]
