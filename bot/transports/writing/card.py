"""An answer as an Adaptive Card, of version 1.4 and simpler, as Teams and its Workflows show it.

Text goes into rich text blocks, in which Teams reads no Markdown, no HTML and no mention; so nothing in it can act.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import Button, Buttons, Code, Facts, Part, Reply, Table, Words
from bot.transports.writing.inline import Run, clean, in_pieces, is_web_address, plain, runs
from bot.transports.writing.lines import Line, code_lines, lines
from bot.transports.writing.signs import NOTHING, left_out, sign_of

VERSION = "1.4"
MESSAGE_BYTES = 24_000
"""Teams refuses messages over 28 KB."""
LINE = 600
ACTIONS = 6
_WIDEST_TABLE = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """An element of the card, and the lines of the answer it shows."""

    element: dict[str, Any]
    lines: int = 1


def messages(reply: Reply, most: int, lead: str = "", called: str = "Seawall") -> tuple[dict[str, Any], ...]:
    """Up to `most` messages, each with one card. What is left out is counted in the last one.

    `lead` opens the first, such as for whom it is. Buttons that give a command become words: an outgoing webhook hears
    of no button, only of people who mention it as `called`.
    """
    title = " ".join(clean(reply.title).split())
    head = [Piece(_text([Run(lead)], isSubtle=True), 0)] if lead else []
    if title:
        whole = [Run(f"{sign_of(reply.state)} {title}".strip(), is_bold=True)]
        head += [Piece(_text(piece, size="Medium")) for piece in in_pieces(whole, LINE)]
    pieces = head + [piece for part in reply.parts for piece in _pieces(part, called)]
    groups: list[list[Piece]] = [[]]
    spare = MESSAGE_BYTES
    for piece in pieces:
        size = _bytes(piece.element)
        if groups[-1] and size > spare:
            groups.append([])
            spare = MESSAGE_BYTES
        groups[-1].append(piece)
        spare -= size
    footer = [reply.run_id] if reply.run_id else []
    if missing := sum(piece.lines for group in groups[most:] for piece in group):
        footer.insert(0, left_out(missing, "line"))
    bodies = [[piece.element for piece in group] for group in groups[:most]]
    if footer or not bodies[-1]:
        bodies[-1].append(_text([Run("  ·  ".join(footer) or NOTHING)], isSubtle=True, size="Small"))
    return tuple(_message(body) for body in bodies)


def _message(body: list[dict[str, Any]]) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "body": body,
        "msteams": {"width": "Full"},
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _pieces(part: Part, called: str) -> Iterator[Piece]:
    match part:
        case Words():
            pieces = [piece for line in lines(part.text) for piece in _line(line)]
            if part.begins and pieces:
                pieces[0].element.update(separator=True, spacing="Medium")
            yield from pieces
        case Facts():
            for name, value in part.rows:
                yield from _row(
                    [[Run(" ".join(plain(name).split()), is_bold=True)], _one_line(value) or [Run("—")]], [1, 3]
                )
        case Table():
            yield from _table(part)
        case Code():
            yield from _code(part.text)
        case Buttons():
            yield from _buttons(part.buttons, called)


def _line(line: Line) -> Iterator[Piece]:
    if line.kind == "code":
        yield from _code(line.text)
        return
    head = {"item": "\u00a0" * 4 * line.depth + (f"{line.number}. " if line.number else "• "), "quote": "│ "}
    for index, piece in enumerate(in_pieces([Run(head.get(line.kind, "")), *line.runs], LINE)):
        yield Piece(_text(piece, spacing="Small" if line.kind == "item" else "Default"), 0 if index else 1)


def _table(table: Table) -> Iterator[Piece]:
    """A row of columns each; a table wider than a card shows each row as a list."""
    if max([len(table.columns), *map(len, table.rows)], default=0) > _WIDEST_TABLE:
        for row in table.rows:
            named = [*table.columns, *[""] * len(row)]
            for name, cell in zip(named, row, strict=False):
                yield from _row([[Run(plain(name), is_bold=True)], _one_line(cell)], [1, 3])
        return
    longest = [max((len(row[index]) for row in (table.columns, *table.rows) if index < len(row)), default=0)
               for index in range(max([len(table.columns), *map(len, table.rows)], default=0))]  # fmt: skip
    widths = [max(1, min(6, length // 6)) for length in longest]
    if any(table.columns):
        yield from _row([[Run(plain(name), is_bold=True)] for name in table.columns], widths)
    for row in table.rows:
        yield from _row([_one_line(cell) for cell in row], widths)


def _row(cells: Sequence[Sequence[Run]], widths: Sequence[int]) -> Iterator[Piece]:
    """A row of columns, more below where a cell is very long."""
    parted = [in_pieces(cell, LINE) for cell in cells]
    for index in range(max(map(len, parted), default=0)):
        columns = [
            {
                "type": "Column",
                "width": width,
                "items": [_text(parts[index])] if index < len(parts) else [],
            }
            for parts, width in zip([*parted, *[[]] * (len(widths) - len(parted))], widths, strict=False)
        ]
        yield Piece({"type": "ColumnSet", "spacing": "Small", "columns": columns}, 0 if index else 1)


def _code(text: str) -> Iterator[Piece]:
    """Groups of monospaced lines; spaces that indent are kept from being folded."""
    items: list[dict[str, Any]] = []
    count = 0
    for line in code_lines(text):
        indent = len(line) - len(line.lstrip(" "))
        kept = "\u00a0" * indent + line[indent:].replace("  ", "\u00a0 ") or "\u00a0"
        for piece in in_pieces([Run(kept, is_code=True)], LINE):
            items.append(_text(piece, spacing="None"))
            if len(items) == 20 or _bytes(items) > MESSAGE_BYTES // 4:
                yield Piece({"type": "Container", "style": "emphasis", "items": items}, count)
                items, count = [], 0
        count += 1
    if items:
        yield Piece({"type": "Container", "style": "emphasis", "items": items}, count)


def _buttons(buttons: Sequence[Button], called: str) -> Iterator[Piece]:
    opened = [button for button in buttons if not button.command and is_web_address(button.url)]
    for button in buttons:
        if button.command:
            said = [
                Run(f"{_label(button)}: "),
                Run(f"@{called} {' '.join(clean(button.command).split())}", is_code=True),
            ]
            for piece in in_pieces(said, LINE):
                yield Piece(_text(piece, spacing="Small"))
    for at in range(0, len(opened), ACTIONS):
        actions = [
            {"type": "Action.OpenUrl", "title": _label(each), "url": each.url} for each in opened[at : at + ACTIONS]
        ]
        yield Piece({"type": "ActionSet", "actions": actions})


def _label(button: Button) -> str:
    return " ".join(clean(button.label).split()) or "Open"


def _one_line(text: str) -> list[Run]:
    return runs(" ".join(text.split()))


def _text(found: Iterable[Run], spacing: str = "Default", **style: Any) -> dict[str, Any]:
    """`style`: of every run in it, such as its size."""
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": [_inline(run, style) for run in found]}


def _inline(run: Run, style: dict[str, Any]) -> dict[str, Any]:
    inline: dict[str, Any] = {"type": "TextRun", "text": run.text, **style}
    if run.is_bold:
        inline["weight"] = "Bolder"
    if run.is_italic:
        inline["italic"] = True
    if run.is_code:
        inline["fontType"] = "Monospace"
    if run.url:
        inline["selectAction"] = {"type": "Action.OpenUrl", "url": run.url}
    return inline


def _bytes(element: Any) -> int:
    return len(json.dumps(element, ensure_ascii=False).encode()) + 2
