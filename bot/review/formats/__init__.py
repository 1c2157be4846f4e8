"""A review as text: for people, for programs, for GitHub's own pages. Each format is one pure function in one file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, get_args

from bot.review.formats.shown import Shown

Format = Literal["text", "markdown", "json", "sarif", "github"]
FORMATS: tuple[Format, ...] = get_args(Format)


def _read_nothing(path: str) -> None:
    return None


def pieces(
    review: Shown,
    format: str,
    *,
    read: Callable[[str], str | None] = _read_nothing,
    rules: Mapping[str, str] | None = None,
    is_terminal: bool = False,
    width: int | None = None,
    is_verbose: bool = False,
) -> Iterator[str]:
    """The review in one of FORMATS, piece by piece: whoever keeps none can show any number of findings.

    `read`: path → head text, for the code around a finding. `rules`: name → its page in Markdown, for SARIF; None
    takes the pages of the rules that the review names.
    `is_terminal`: colours; `width` in columns, else as wide as the terminal is. `is_verbose`: text and Markdown tell
    also what was refuted and what was held back, and why. Raises ValueError for another format.
    """
    # Each is imported when it is asked for: a worker renders none of them, and need not hold what they bring.
    match format:
        case "text":
            from bot.review.formats.text import render as as_text

            return as_text(review, read, is_terminal=is_terminal, width=width, is_verbose=is_verbose)
        case "markdown":
            from bot.review.formats.markdown import render as as_markdown

            return as_markdown(review, is_verbose=is_verbose)
        case "json":
            from bot.review.formats.json import render as as_json

            return as_json(review)
        case "sarif":
            from bot.review.formats.sarif import render as as_sarif

            return as_sarif(review, _pages(review) if rules is None else rules)
        case "github":
            from bot.review.formats.github import render as as_github

            return as_github(review)
    raise ValueError(f"{format} is none of {', '.join(FORMATS)}")


def _pages(review: Shown) -> dict[str, str]:
    from bot.rules import all_rules, explain  # brings every language; the other formats need none

    named = {*review.receipt.rules, *(finding.rule for finding in review.findings)}
    return {rule.name: explain(rule.name) for rule in all_rules() if rule.name in named}


__all__ = ["FORMATS", "Format", "Shown", "pieces", "render"]
