"""Markdown whose tables keep names, places and numbers in one piece, and let only the prose wrap."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text


def with_tables(markdown: str) -> RenderableType:
    """The text as Markdown, its pipe tables as tables."""
    parts: list[RenderableType] = []
    for is_table, lines in groupby(markdown.split("\n"), key=lambda line: line.startswith("|")):
        text = "\n".join(lines)
        if is_table:
            parts.append(_table([_cells(line) for line in text.split("\n")]))
        elif text.strip():
            parts.append(Markdown(text))
    return Group(*_spaced(parts))


def _table(rows: Sequence[Sequence[str]]) -> RenderableType:
    heading, body = rows[0], [row for row in rows[1:] if not set("".join(row)) <= set("-: ")]
    table = Table(box=SIMPLE_HEAD, header_style="dim", border_style="dim", pad_edge=False, show_edge=False)
    for index, name in enumerate(heading):
        is_prose = any(row[index].count(" ") > 1 for row in body if index < len(row))
        table.add_column(name, no_wrap=not is_prose, overflow="fold")
    for row in body:
        table.add_row(*(_inline(cell) for cell in row))
    return table


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\0", "|") for cell in line.strip().strip("|").replace("\\|", "\0").split("|")]


def _inline(cell: str) -> Text:
    """Code in cyan; the rest as it stands."""
    text = Text()
    for index, piece in enumerate(cell.split("`")):
        text.append(piece, "cyan" if index % 2 else "")
    return text


def _spaced(parts: Sequence[RenderableType]) -> Iterator[RenderableType]:
    for index, part in enumerate(parts):
        if index:
            yield Text()
        yield part
