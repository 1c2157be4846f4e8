"""`seawall backtest`: what would have been said of the last pull requests of a clone."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.backtest.formats import FORMATS, Format, render
from bot.backtest.run import Plan
from bot.backtest.run import backtest as run
from bot.cli.output import output_option
from bot.settings import load_settings
from bot.source.history import Which
from bot.syntax.guard import Guard

_MOST = 20_000
_HANDS = 4
"""Guarded processes at most: beyond, reading the history is what takes the time."""
_INTERRUPTED = 130


@click.command(short_help="What would have been said of a clone's last pull requests.")
@click.argument("repo", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--last", type=click.IntRange(1, _MOST), default=500, show_default=True, metavar="N", help="How many of them."
)
@click.option(
    "--commits/--merges",
    "by_commit",
    default=None,
    help="Take every commit of the main line, or only its merges. Default: as the repository's habit is.",
)
@click.option("--head", metavar="REV", default="HEAD", show_default=True, help="Where the line ends.")
@click.option("--fixes", is_flag=True, help="Look which findings a later commit took away, and how long that took.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How to show the result."
)
@output_option
def backtest(
    repo: Path, last: int, by_commit: bool | None, head: str, fixes: bool, format_: Format, output: Path | None
) -> None:
    """Run the rules over the last pull requests of a local clone, bare or not, and show what they would have said.

    Merge commits stand for pull requests; where a repository squashes, the commits of its main line do. Nothing of the
    repository is executed and nothing is sent anywhere. Ctrl-C shows what was found so far.

    \b
    seawall backtest                                         the last 500 of this repository
    seawall backtest ~/src/shop --last 200 --fixes           and which findings were fixed later
    seawall backtest --format html --output backtest.html    a page to pass on
    """
    settings = load_settings(trust_here=False)
    reading = settings.reading
    hands = max(reading.guard_processes, min(os.cpu_count() or 1, _HANDS))
    which: Which | None = None if by_commit is None else "commits" if by_commit else "merges"
    plan = Plan(repo, last, which, head, fixes, hands)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Starting", total=None)
        report = run(
            plan,
            settings,
            lambda: Guard(hands, reading.guard_timeout_s, reading.guard_memory_mb),
            lambda: datetime.now(UTC),
            lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total),
        )
    text = render(report, format_, is_terminal=output is None and sys.stdout.isatty())
    if output:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {output}: {len(report.said)} findings in {len(report.commits)} commits.", err=True)
    else:
        click.echo(text.rstrip("\n"))
    if report.is_interrupted:
        raise click.exceptions.Exit(_INTERRUPTED)
