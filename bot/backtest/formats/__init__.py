"""A backtest as text, Markdown, JSON or a page. Each format is one pure function in one file."""

from typing import Literal, get_args

from bot.backtest.report import Backtest

Format = Literal["text", "markdown", "json", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(report: Backtest, format: Format, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The report in one of FORMATS. `is_terminal`: colours; `width` in columns, else as wide as the terminal is."""
    match format:
        case "text":
            from bot.backtest.formats.text import render as as_text

            return as_text(report, is_terminal=is_terminal, width=width)
        case "markdown":
            from bot.backtest.formats.markdown import render as as_markdown

            return as_markdown(report)
        case "html":
            from bot.backtest.formats.html import render as as_html

            return as_html(report)
        case "json":
            from bot.backtest.formats.json import render as as_json

            return as_json(report)


__all__ = ["FORMATS", "Format", "render"]
