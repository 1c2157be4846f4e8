"""A week for the terminal."""

import io
from collections.abc import Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.redaction import masked
from bot.review.formats.visible import one_line
from bot.weekly.formats.sections import (
    CLASS_COLUMNS,
    COLUMNS,
    FigureRow,
    Section,
    classes_told,
    definitions,
    incidents_told,
    more_stalled,
    notes,
    sections,
    stalled,
)
from bot.weekly.summary import Summary

_WIDEST: Final = 120
_NARROW: Final = 100
"""Under so many columns the trend has no room."""
_TREND: Final = 12
_LEAST: Final = 16
"""Of what a figure is made of, so much must find room beside the other columns."""
_STYLES: Final = {True: "green", False: "yellow", None: ""}


def render(summary: Summary, *, is_terminal: bool = False, width: int | None = None) -> str:
    """Three sentences, the figures with their trend, what is worth doing, what waits, the appendix."""
    console = _console(is_terminal, width)
    for part in _parts(summary, console.width):
        console.print(part, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))
    file = console.file
    assert isinstance(file, io.StringIO)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _console(is_terminal: bool, width: int | None) -> Console:
    if not is_terminal:
        return Console(file=io.StringIO(), width=width or _NARROW, color_system=None, force_terminal=False)
    wide = width or min(Console().width, _WIDEST)
    return Console(file=io.StringIO(), width=wide, force_terminal=True, legacy_windows=False)


def _parts(summary: Summary, width: int) -> Iterator[RenderableType]:
    facts = summary.facts
    yield Text(one_line(summary.title), style="bold")
    yield Text()
    for sentence in summary.sentences.text:
        yield _plain(sentence)
    yield _plain(summary.origin, "dim")
    told = sections(facts)
    widths = _widths([row for section in told for row in section.rows], width)
    for section in told:
        yield from _heading(f"{section.title}: {section.question}")
        yield _figures(section, width, widths)
        yield from (_plain(remark, "dim") for remark in section.remarks)
    if facts.worth_doing:
        yield from _heading("Worth doing")
        for at, one in enumerate(facts.worth_doing, 1):
            yield from _item(f"{at}.", one.title, one.reason, one.url)
    yield from _waiting(summary)
    if incidents := incidents_told(facts):
        yield from _heading("What broke")
        for when, title, url in incidents:
            yield from _item("•", title, when, url)
    yield from _appendix(summary)


def _widths(rows: Sequence[FigureRow], width: int) -> tuple[int | None, ...]:
    """Of the columns of all tables, so that they stand below each other; each as it fits where there is no room."""
    columns = zip(*((row.title, row.value, row.made_of, row.against) for row in rows), strict=True)
    widest = [max(map(len, (name, *cells))) for name, cells in zip(COLUMNS, columns, strict=True)]
    trend = _TREND + 1 if width >= _NARROW else 0
    left = width - trend - 2 * len(COLUMNS) - sum(widest) + widest[2]  # a blank after each, one between two
    if left < _LEAST:
        return (None,) * len(COLUMNS)
    return tuple(wide + 1 for wide in (*widest[:2], min(widest[2], left), widest[3]))  # and the blank after each


def _figures(section: Section, width: int, widths: Sequence[int | None]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim", show_edge=False)
    has_trend = width >= _NARROW
    for name, side, wide in zip(COLUMNS, ("left", "right", "left", "left"), widths, strict=True):
        table.add_column(name, justify=side, overflow="fold", width=wide)  # type: ignore[arg-type]  # rich's own literals
    if has_trend:
        table.add_column("12 weeks", no_wrap=True, min_width=_TREND)
    for row in section.rows:
        cells = [
            Text(row.title),
            Text(row.value, "bold"),
            Text(row.made_of, "dim"),
            Text(row.against, _STYLES[row.is_better]),
        ]
        table.add_row(*cells, *([Text(row.trend)] if has_trend else []))
    return table


def _waiting(summary: Summary) -> Iterator[RenderableType]:
    waiting = stalled(summary.facts)
    if not waiting:
        return
    yield from _heading("Stale or blocked, the longest wait first")
    for one in waiting:
        blocked = f", blocked by {one.blocked_by}" if one.blocked_by else ""
        yield from _item("•", f"{one.where} {one.title}", f"has waited {one.waited} for {one.turn}{blocked}", one.url)
    if more := more_stalled(summary.facts):
        yield _plain(f"… and {more} more; `--format json` has all.", "dim")


def _appendix(summary: Summary) -> Iterator[RenderableType]:
    if classes := classes_told(summary.facts):
        yield from _heading("Appendix: what was said, by class")
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
        for at, name in enumerate(CLASS_COLUMNS):
            table.add_column(name, justify="right" if 0 < at < len(CLASS_COLUMNS) - 1 else "left", overflow="fold")
        for row in classes:
            table.add_row(*map(_plain, row))
        yield table
    yield from _heading("Appendix: every figure and what it is")
    for _, figures in definitions(summary.facts):
        for one in figures:
            line = Text.assemble((one.title, "bold"), f"  {one.value}  ", (f"({one.made_of})", "dim"))
            yield line
            yield Padding(Text(one.definition, "dim"), (0, 0, 0, 4))
    yield from _heading("Appendix: how to read it")
    for note in notes(summary.facts):
        yield from _item("•", note)


def _heading(text: str) -> Iterator[RenderableType]:
    yield Text()
    yield Text(one_line(text), style="bold cyan")


def _item(mark: str, title: str, reason: str = "", url: str = "") -> Iterator[RenderableType]:
    """An address is never broken: a terminal makes a link only of a whole one."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=len(mark))
    grid.add_column(overflow="fold")
    grid.add_row(mark, _plain(title))
    if reason:
        grid.add_row("", _plain(reason, "dim"))
    yield grid
    if url:
        yield Text(f"{' ' * (len(mark) + 1)}{one_line(url)}", style="blue", no_wrap=True)


def _plain(text: str, style: str = "") -> Text:
    return Text(masked(one_line(text)), style=style)
