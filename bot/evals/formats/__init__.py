"""An evaluation as text, Markdown or JSON. Each format is one pure function in one file."""

from typing import Literal, get_args

from bot.evals.report import Report

Format = Literal["text", "markdown", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(report: Report, format: Format, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The report in one of FORMATS. `is_terminal`: colours; `width` in columns, else as wide as the terminal is."""
    match format:
        case "text":
            from bot.evals.formats.text import render as as_text

            return as_text(report, is_terminal=is_terminal, width=width)
        case "markdown":
            from bot.evals.formats.markdown import render as as_markdown

            return as_markdown(report)
        case "json":
            from bot.evals.formats.json import render as as_json

            return as_json(report)


__all__ = ["FORMATS", "Format", "render"]
