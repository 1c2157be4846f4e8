"""Code as the terminal shows it: with its line numbers, the lines in question marked, and edits as red and green."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.text import Text

from bot.review.formats.visible import visible

CONTEXT = 3
MOST_LINES = 24
TAB = 4


def code_around(path: str, text: str, start: int, end: int) -> RenderableType:
    """Lines `start..end` (from 1) marked, with three around them; the middle of a long range is left out."""
    lines = _lines(text)
    first, last = max(1, start - CONTEXT), min(len(lines), end + CONTEXT)
    shown = _dedented(lines[first - 1 : last])
    width = len(str(last))
    rows: list[Text] = []
    for offset, line in enumerate(_highlighted(path, shown)):
        number = first + offset
        if last - first >= MOST_LINES and MOST_LINES // 2 <= offset < last - first - MOST_LINES // 2:
            if offset == MOST_LINES // 2:
                rows.append(Text(f"  {'⋮':>{width}} │", "dim"))
            continue
        is_marked = start <= number <= end
        gutter = Text.assemble(
            ("▶ " if is_marked else "  ", "bold yellow"),
            (f"{number:>{width}}", "bold yellow" if is_marked else "dim"),
            (" │ ", "dim"),
        )
        rows.append(_fitting(gutter + line))
    return Group(*rows)


def suggestion_diff(path: str, text: str, start: int, end: int, suggestion: str) -> RenderableType:
    """What committing the suggestion does to lines `start..end`."""
    before, after = _lines(text)[start - 1 : end], _lines(suggestion)
    together = _dedented([*before, *after])
    before, after = together[: len(before)], together[len(before) :]
    rows = [Text("Suggested change", "dim")]
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind == "equal":
            rows += [_fitting(Text(f"  {line}", "dim")) for line in before[old_from:old_to]]
            continue
        rows += [_fitting(Text(f"- {line}", "red")) for line in before[old_from:old_to]]
        rows += [_fitting(Text(f"+ {line}", "green")) for line in after[new_from:new_to]]
    return Group(*rows)


def _lines(text: str) -> list[str]:
    return [visible(line.expandtabs(TAB)) for line in text.removesuffix("\n").split("\n")]


def _dedented(lines: Sequence[str]) -> list[str]:
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(indents, default=0)
    return [line[margin:] for line in lines]


def _highlighted(path: str, lines: Sequence[str]) -> list[Text]:
    code = "\n".join(lines)
    syntax = Syntax(code, Syntax.guess_lexer(path, code), theme="ansi_dark", background_color="default")
    coloured = syntax.highlight(code)
    coloured.rstrip()
    return [*coloured.split("\n", allow_blank=True), *[Text()] * len(lines)][: len(lines)]


def _fitting(line: Text) -> Text:
    line.no_wrap = True
    line.overflow = "ellipsis"
    return line
