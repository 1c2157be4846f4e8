"""A week as text, Markdown, a page, JSON, or an answer in a chat system. Each format is one file of pure functions.

The order is the same in all: three sentences, figures, charts, what is worth doing, what waits, the appendix.
"""

from typing import Literal, get_args

from bot.weekly.summary import Summary

Format = Literal["text", "markdown", "html", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(summary: Summary, format: str, *, is_terminal: bool = False, width: int | None = None) -> str:
    """The summary in one of FORMATS. `is_terminal`: colours; `width` in columns, else as wide as the terminal is.
    Raises ValueError for another format."""
    match format:
        case "text":
            from bot.weekly.formats.text import render as as_text

            return as_text(summary, is_terminal=is_terminal, width=width)
        case "markdown":
            from bot.weekly.formats.markdown import render as as_markdown

            return as_markdown(summary)
        case "html":
            from bot.weekly.formats.html import page

            return page(summary)
        case "json":
            from bot.weekly.formats.json import as_json

            return as_json(summary)
    raise ValueError(f"{format} is none of {', '.join(FORMATS)}")


__all__ = ["FORMATS", "Format", "render"]
