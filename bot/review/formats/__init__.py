"""A review as text: for people, for programs, for GitHub's own pages. Each format is one pure function in one file."""

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from bot.domain import Review
from bot.review.formats import github, json, markdown, sarif, text

Format = Literal["text", "markdown", "json", "sarif", "github"]
FORMATS: tuple[Format, ...] = get_args(Format)


def _read_nothing(path: str) -> None:
    return None


def render(
    review: Review,
    format: str,
    *,
    read: Callable[[str], str | None] = _read_nothing,
    rules: Mapping[str, str] | None = None,
    is_terminal: bool = False,
    width: int | None = None,
) -> str:
    """The review in one of FORMATS.

    `read`: path → head text, for the code around a finding. `rules`: name → its page in Markdown, for SARIF.
    `is_terminal`: colours; `width` in columns, else as wide as the terminal is. Raises ValueError for another format.
    """
    match format:
        case "text":
            return text.render(review, read, is_terminal=is_terminal, width=width)
        case "markdown":
            return markdown.render(review)
        case "json":
            return json.render(review)
        case "sarif":
            return sarif.render(review, rules or {})
        case "github":
            return github.render(review)
    raise ValueError(f"{format} is none of {', '.join(FORMATS)}")


__all__ = ["FORMATS", "Format", "render"]
