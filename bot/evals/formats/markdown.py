"""An evaluation in Markdown, for a pull request that changes a prompt."""

from collections.abc import Iterator, Sequence

from bot.evals.formats import words
from bot.evals.report import Judged, Report
from bot.review.filter import code, on_one_line, safe_markdown


def render(report: Report, own_host: str = "github.com") -> str:
    """Filtered as everything that is posted: titles and code are others' words."""
    return "\n\n".join(part for part in _parts(report, own_host) if part) + "\n"


def _parts(report: Report, own_host: str) -> Iterator[str]:
    yield f"## Seawall, held against {code(report.folder)}"
    yield f"**{words.headline(report)}**"
    yield "\n".join(f"- ⚠ {_prose(warning, own_host)}" for warning in words.warnings(report))
    yield _table(words.WORTH, [words.worth(figures) for figures in report.figures])
    if words.has_cost(report):
        yield "### What it costs"
        yield _table(words.COST, [words.cost(figures) for figures in report.figures])
    yield "\n".join(f"- {_prose(line, own_host)}" for line in words.prompts(report))
    yield "### Case by case"
    yield "\n".join(_case(judged, own_host) for judged in report.judged)
    yield "---"
    yield words.basis(report)


def _case(judged: Judged, own_host: str) -> str:
    sign = "✓" if words.is_right(judged) else "?" if judged.troubled else "✗"
    rows = [f"- {sign} {code(judged.case)}: {words.verdict(judged)}"]
    rows += [f"  - missed: {_prose(why, own_host)}" for why in judged.missed if not judged.troubled]
    rows += [f"  - false: {_prose(words.remark(finding), own_host)}" for finding in judged.false]
    rows += [f"  - not judged: {_prose(words.remark(finding), own_host)}" for finding in judged.unjudged]
    return "\n".join(rows)


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *([cell.replace("|", "¦") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _prose(text: str, own_host: str) -> str:
    return safe_markdown(on_one_line(text), own_host)
