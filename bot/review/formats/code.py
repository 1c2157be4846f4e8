"""Code in the terminal: the quoted lines in their place, and a suggestion as a diff."""

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from bot.domain import Finding
from bot.redaction import masked
from bot.review.formats.line_diff import line_diff
from bot.review.formats.visible import visible

_BEFORE, _AFTER = 2, 1
"""Lines shown around what is quoted."""
_MOST_LINES = 12
_INDENT = 2
_TAB = 4
_MOST_CHARS = 400
_Row = tuple[Text, Text]
"""What stands before a line, and the line."""


def quoted(finding: Finding, text: str | None, console: Console) -> RenderableType:
    """The finding's lines, marked, with a little around them where the file can be read."""
    lines = _lines(text) if text is not None and finding.side == "RIGHT" else []
    if finding.end_line <= len(lines):
        first = max(1, finding.start_line - _BEFORE)
        last = min(len(lines), finding.end_line + _AFTER)
        while first < finding.start_line and not lines[first - 1].strip():
            first += 1
        while last > finding.end_line and not lines[last - 1].strip():
            last -= 1
        shown = lines[first - 1 : last]
    else:  # a line of the base, or a file that is not at hand
        first, shown = finding.start_line, _lines(finding.evidence)
    marked = range(finding.start_line, finding.end_line + 1)
    width = len(str(first + len(shown)))
    rows = []
    for number, row in zip(range(first, first + len(shown)), _highlighted(shown, finding.path, console), strict=True):
        is_marked = number in marked
        sign = Text("▶ " if is_marked else "  ", style="bold red")
        gutter = Text(f"{number:>{width}} │", style="bold" if is_marked else "dim")
        row.no_wrap = not is_marked
        rows.append((Text.assemble(sign, gutter), row))
    return _block(rows)


def edit(finding: Finding, text: str | None) -> RenderableType:
    """What goes in red with a minus, what comes in green with a plus, what stays plain."""
    suggestion = finding.suggestion
    assert suggestion is not None
    lines = _lines(text) if text is not None else []
    old = lines[suggestion.start_line - 1 : suggestion.end_line]
    if not old and (suggestion.start_line, suggestion.end_line) == (finding.start_line, finding.end_line):
        old = _lines(finding.evidence)
    new = _lines(suggestion.text) if suggestion.text else []
    indent = _common_indent([*old, *new])
    width = len(str(suggestion.start_line + len(old)))
    rows = []
    for index, sign, line in line_diff(old, new):
        style = {"+": "green", "-": "red"}.get(sign, "")
        number = "" if index is None else suggestion.start_line + index  # the old one, which the reader can see
        gutter = Text(f"  {number:>{width}}", style="dim")
        rows.append((Text.assemble(gutter, (f" {sign}", style)), Text(_cut(line[indent:]), style=style)))
    return _block(rows)


def _lines(text: str) -> list[str]:
    """Lines as git counts them, safe to print, secrets masked, tabs as spaces."""
    lines = [visible(line.removesuffix("\r")).expandtabs(_TAB) for line in masked(text).split("\n")]
    return lines[:-1] if lines and not lines[-1] else lines


def _highlighted(lines: Sequence[str], path: str, console: Console) -> list[Text]:
    """The lines' common indentation goes, so that the code stays in view on a narrow terminal."""
    indent = _common_indent(lines)
    plain = [_cut(line[indent:]) for line in lines]
    if console.color_system is None:
        return [Text(line) for line in plain]
    source = "\n".join(plain)
    syntax = Syntax(source, Syntax.guess_lexer(path, source), theme="ansi_dark", background_color="default")
    coloured = syntax.highlight(source).split("\n", allow_blank=True)
    return [*coloured[: len(plain)], *(Text(line) for line in plain[len(coloured) :])]


def _common_indent(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)


def _cut(line: str) -> str:
    return line.rstrip() if len(line) <= _MOST_CHARS else f"{line[:_MOST_CHARS]} …"


def _block(rows: list[_Row]) -> RenderableType:
    """Number, then code; a quoted or suggested line that is too long is folded, since its end may be the point."""
    if len(rows) > _MOST_LINES + 1:
        gone = len(rows) - _MOST_LINES
        rows = [*rows[: _MOST_LINES - 3], (Text(), Text(f"⋮ {gone} more lines", style="dim")), *rows[-3:]]
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for gutter, row in rows:
        row.overflow = "ellipsis" if row.no_wrap else "fold"
        grid.add_row(gutter, row)
    return Padding(grid, (0, 0, 0, _INDENT))
