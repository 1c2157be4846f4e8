"""Options and endings that `review` and `scan` share."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from bot.domain import Severity
from bot.review.formats import FORMATS, Shown, pieces
from bot.review.receipt import worst_of
from bot.rules import all_rules, explain

format_option = click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How to show the result."
)
output_option = click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the result to this file."
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Exit with 1 when a finding is at or over this severity. Default: never.",
)


def finish(
    review: Shown,
    format_: str,
    output: Path | None,
    fail_on: str | None,
    read: Callable[[str], str | None],
    is_verbose: bool = False,
) -> None:
    """Shows the review and leaves with the exit code that was asked for."""
    is_terminal = output is None and sys.stdout.isatty()
    pages = {rule.name: explain(rule.name) for rule in all_rules()} if format_ == "sarif" else None
    text = pieces(review, format_, read=read, rules=pages, is_terminal=is_terminal, is_verbose=is_verbose)
    if output:
        with output.open("w", encoding="utf-8") as file:
            file.writelines(text)
        click.echo(f"Wrote {output}: {len(review.findings)} findings, coverage {review.receipt.coverage}.", err=True)
    else:
        _print(text)
    worst = worst_of(review.findings)
    if fail_on and worst is not None and worst.reaches(Severity(fail_on)):
        raise click.exceptions.Exit(1)


def _print(text: Iterable[str]) -> None:
    """Ends in one line's end, whatever the text ends in."""
    breaks = ""
    for piece in text:
        said = piece.rstrip("\n")
        if said:
            click.echo(breaks + said, nl=False)
            breaks = ""
        breaks += piece[len(said) :]
    click.echo()


def head_reader(contents: Any) -> Callable[[str], str | None]:
    """Path → head text, for showing the code around a finding."""

    def read(path: str) -> str | None:
        raw = contents.get(path)
        return None if raw is None else raw.decode("utf-8", errors="replace")

    return read
