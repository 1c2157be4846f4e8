"""A table as text in columns, for systems that draw none."""

import re
import textwrap
import unicodedata
from collections.abc import Sequence

from bot.transports.writing.inline import plain

_NARROWEST = 8
_NUMBER = re.compile(r"[-+~$]?\d[\d,.]*\s?[%a-z$]{0,3}|[—-]?")


def aligned(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int = 76
) -> tuple[list[str], list[list[str]]]:
    """The heading's lines, its rule included, and the lines of each row: cells that are too long go on below.

    Columns of numbers stand to the right. Rows shorter or longer than the heading are taken as they are. A table with
    more columns than the width holds has no heading; below the first cell of each row the others stand by name.
    """
    count = max([len(columns), *map(len, rows)], default=0)
    cells = [[_cell(row, index) for index in range(count)] for row in (columns, *rows)]
    widths = _widths(cells, width)
    if widths is None:
        return [], [_stacked(cells[0], row, width) for row in cells[1:]]
    is_number = [_are_numbers([row[index] for row in cells[1:]]) for index in range(count)]
    heading, *body = [_lines_of(row, widths, is_number) for row in cells]
    rule = "  ".join("─" * column for column in widths)
    return [*heading, rule] if any(cells[0]) else [], body


def text_width(text: str) -> int:
    """Columns it takes in a fixed-width font."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def _are_numbers(cells: Sequence[str]) -> bool:
    return any(cells) and all(_NUMBER.fullmatch(cell.lower()) for cell in cells)


def _cell(row: Sequence[str], index: int) -> str:
    return " ".join(plain(row[index]).split()) if index < len(row) else ""


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Natural widths; where they do not fit, the widest gives way first, down to its longest word, so that words stay
    whole. None where that is not enough.
    """
    columns = list(zip(*cells, strict=True))
    widths = [max(1, *map(text_width, column)) for column in columns]
    spare = width - 2 * (len(widths) - 1)
    words = [max((text_width(word) for cell in column for word in cell.split()), default=1) for column in columns]
    least = [min(max(word, _NARROWEST), width // 2, each) for word, each in zip(words, widths, strict=True)]
    if sum(least) > spare:
        return None
    while sum(widths) > spare and (wider := [at for at, each in enumerate(widths) if each > least[at]]):
        widths[max(wider, key=lambda at: widths[at])] -= 1
    return widths


def _stacked(names: Sequence[str], row: Sequence[str], width: int) -> list[str]:
    """`http-or-socket-call`, and below it `  Said: 12 · Fixed: 8`."""
    named = [f"{name}: {cell}" if name else cell for name, cell in zip(names[1:], row[1:], strict=True) if cell]
    first = textwrap.wrap(row[0], width) or ["—"]
    return [*first, *textwrap.wrap(" · ".join(named), width, initial_indent="  ", subsequent_indent="  ")]


def _lines_of(row: Sequence[str], widths: Sequence[int], is_number: Sequence[bool]) -> list[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for index in range(max(map(len, wrapped), default=0)):
        parts = [part[index] if index < len(part) else "" for part in wrapped]
        padded = [_padded(part, width, right) for part, width, right in zip(parts, widths, is_number, strict=True)]
        lines.append("  ".join(padded).rstrip())
    return lines


def _wrapped(cell: str, width: int) -> list[str]:
    if text_width(cell) <= width:
        return [cell]
    if text_width(cell) == len(cell):
        return textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
    pieces, piece = [], ""
    for sign in cell:
        if text_width(piece + sign) > width:
            pieces.append(piece)
            piece = ""
        piece += sign
    return [*pieces, piece]


def _padded(text: str, width: int, to_the_right: bool) -> str:
    space = " " * max(0, width - text_width(text))
    return space + text if to_the_right else text + space
