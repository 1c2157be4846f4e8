"""An evaluation for the terminal."""

import io
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.evals.formats import words
from bot.evals.report import Judged, Report
from bot.redaction import masked
from bot.review.formats.visible import one_line

_WIDEST = 140


def render(report: Report, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The answer in a sentence, one column a reviewer, then the cases that went wrong."""
    file = io.StringIO()
    if is_terminal:
        console = Console(
            file=file, width=width or min(Console().width, _WIDEST), force_terminal=True, legacy_windows=False
        )
    else:
        console = Console(file=file, width=width or 110, color_system=None, force_terminal=False)
    for part in _parts(report):
        console.print(part)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _parts(report: Report) -> Iterator[RenderableType]:
    yield Text(f"{one_line(report.folder)}: {words.headline(report)}", style="bold")
    for warning in words.warnings(report):
        yield _indented(f"! {warning}", "bold yellow")
    yield _heading("What it is worth")
    yield _columns(words.WORTH, [words.worth(figures) for figures in report.figures])
    if words.has_cost(report):
        yield _heading("What it costs")
        yield _columns(words.COST, [words.cost(figures) for figures in report.figures])
    for line in words.prompts(report):
        yield _indented(line, "dim")
    yield _heading("Case by case")
    for judged in report.judged:
        yield from _case(judged)
    yield Rule(style="dim")
    yield _indented(words.basis(report), "dim")


def _columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """Turned on its side: reviewers are few, what is told of them is much."""
    grid = Table.grid(padding=(0, 3))
    grid.add_column(style="dim", no_wrap=True)
    for _ in rows:
        grid.add_column(overflow="fold")
    for index, name in enumerate(heading):
        style = "bold" if index == 0 else ""
        grid.add_row(name, *(Text(one_line(row[index]), style=style) for row in rows))
    return Padding(grid, (0, 0, 1, 2))


def _case(judged: Judged) -> Iterator[RenderableType]:
    sign, style = ("✓", "green") if words.is_right(judged) else ("?", "yellow") if judged.troubled else ("✗", "red")
    yield Text.assemble((f"  {sign} ", style), (one_line(judged.case), "bold"), f"  {words.verdict(judged)}")
    if not judged.troubled:
        for why in judged.missed:
            yield _indented(f"missed: {why}", "", 6)
    for finding in judged.false:
        yield _indented(f"false: {words.remark(finding)}", "", 6)
    for finding in judged.unjudged:
        yield _indented(f"not judged: {words.remark(finding)}", "dim", 6)


def _heading(text: str) -> RenderableType:
    return Rule(Text(text, style="bold"), align="left", style="dim")


def _indented(text: str, style: str = "", by: int = 2) -> RenderableType:
    return Padding(Text(one_line(masked(text)), style=style), (0, 0, 0, by))
