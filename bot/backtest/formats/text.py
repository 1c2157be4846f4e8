"""A backtest for the terminal."""

import io
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.backtest import figures
from bot.backtest.formats import words
from bot.backtest.report import Backtest, Said
from bot.domain import Severity
from bot.redaction import masked
from bot.review.formats.code import quoted
from bot.review.formats.visible import one_line, plain_title
from bot.review.receipt import counted

_WIDEST = 110
_BAR = 24
_STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}


def render(report: Backtest, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The answer in a sentence, figures, the ten findings with their code, the fixes, and what to do now."""
    console = _console(is_terminal, width)
    for part in _parts(report, console):
        console.print(part)
    file = console.file
    assert isinstance(file, io.StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _console(is_terminal: bool, width: int | None) -> Console:
    if not is_terminal:
        return Console(file=io.StringIO(), width=width or 100, color_system=None, force_terminal=False)
    wide = width or min(Console().width, _WIDEST)
    return Console(file=io.StringIO(), width=wide, force_terminal=True, legacy_windows=False)


def _parts(report: Backtest, console: Console) -> Iterator[RenderableType]:
    yield Text(f"{one_line(report.repository)}: {figures.headline(report)}", style="bold")
    yield _indented(words.sources(report), "dim")
    yield _indented(words.times(report), "dim")
    for warning in words.warnings(report):
        yield _indented(f"! {warning}", "bold yellow")
    if report.said:
        yield Text()
        yield _heading("How often")
        yield _how_often(report)
        yield _heading("What about")
        yield _classes(report)
        yield _heading(f"The {len(report.telling)} that tell most" if len(report.telling) > 1 else "The finding")
        for said in report.telling:
            yield Group(*_finding(said, console), Text())
    if report.looked_for_fixes:
        yield _heading("What became of them")
        yield _indented(words.fixes(report))
        yield _fixes(report)
    yield Rule(style="dim")
    yield _indented(words.basis(report), "dim")
    yield _indented(f"→ {words.next_step(report)}" if report.commits else "")


def _heading(text: str) -> RenderableType:
    return Rule(Text(text, style="bold"), align="left", style="dim")


def _indented(text: str, style: str = "") -> RenderableType:
    return Padding(Text(one_line(masked(text)), style=style), (0, 0, 0, 2))


def _how_often(report: Backtest) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    most = max(number for _, number in figures.spread(report))
    for name, number in figures.spread(report):
        grid.add_row(Text(name), Text(str(number)), _bar(number, most))
    worst = ", ".join(f"{number} {severity}" for severity, number in figures.by_severity(report.said) if number)
    return Padding(Group(grid, Text(), Text(f"{counted(len(report.said), 'finding')}: {worst}."), Text()), (0, 0, 0, 2))


def _classes(report: Backtest) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    for style in ("", "", "dim", "dim", "dim"):
        grid.add_column(style=style, no_wrap=True)
    grid.add_row("", "findings", "", "commits", "fixed" if report.looked_for_fixes else "", style="dim")
    most = report.classes[0].findings
    for count in report.classes:
        grid.add_row(Text(count.class_, style="bold"), str(count.findings), _bar(count.findings, most), "", "")
        for rule in count.rules:
            severity = Severity(rule.severity)
            name = Text.assemble("  ", rule.rule.split("/")[1], "  ", (severity.value, _STYLES[severity]))
            fixed = str(rule.fixed) if report.looked_for_fixes else ""
            grid.add_row(name, str(rule.findings), "", str(rule.commits), fixed)
    return Padding(Group(grid, Text()), (0, 0, 0, 2))


def _bar(number: int, most: int) -> Text:
    return Text("█" * max(round(_BAR * number / max(most, 1)), 1 if number else 0), style="blue")


def _finding(said: Said, console: Console) -> Iterator[RenderableType]:
    finding = said.finding
    line = Text()
    line.append(f" {finding.severity.value} ", style=_STYLES[finding.severity])
    line.append(f" {plain_title(masked(finding.title))}", style="bold")
    yield line
    yield _indented(f"{finding.path}:{finding.start_line}  {finding.rule}", "cyan")
    yield _indented(f"{said.sha[:10]} {said.committed_at[:10]} {said.title}", "dim")
    text = "\n" * (said.code_start - 1) + said.code if said.code else None
    yield quoted(finding, text, console)
    yield _indented(plain_title(figures.point_of(finding)))
    if said.fix:
        yield _indented(f"fixed after {figures.lasted(said.fix.days)} by {said.fix.sha[:10]} {said.fix.title}", "green")


def _fixes(report: Backtest) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="green")
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for said in figures.mended(report.said)[: figures.FIXES_SHOWN]:
        assert said.fix is not None
        place = f"{said.finding.rule} in {said.finding.path}"
        words_of_it = Text(one_line(masked(said.fix.title)))
        told = Group(words_of_it, Text(one_line(place), style="dim"))
        grid.add_row(f"after {figures.lasted(said.fix.days)}", said.fix.sha[:10], told)
    return Padding(grid, (0, 0, 0, 2))
