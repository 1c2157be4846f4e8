"""`seawall eval`: how good the reviewer is, on cases whose defects are known."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.output import output_option
from bot.cli.review import configured_model
from bot.domain import Model, Profile
from bot.errors import SeawallError
from bot.evals.formats import FORMATS, Format, render
from bot.evals.reading import cases_in
from bot.evals.report import Report, Share
from bot.evals.results import Results
from bot.evals.run import Evaluation, reviewer_of
from bot.review.desks import Desks, guard_of
from bot.review.receipt import counted
from bot.settings import Settings, load_settings
from bot.syntax.guard import Guard

RESULTS = "results.jsonl"
_MOST_JOBS = 64
_MOST_COMMITS = 20_000
_UNDER, _FAILED, _INTERRUPTED = 1, SeawallError.exit_code, 130


@click.command("eval", short_help="How good the reviewer is, on cases whose defects are known.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    help="How thoroughly the model reads. Default: as settings say.",
)
@click.option("--rules-only", is_flag=True, help="Do not ask the model, even where one is configured.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this case. Again for more.")
@click.option(
    "--jobs", type=click.IntRange(1, _MOST_JOBS), default=4, show_default=True, metavar="N", help="Cases at a time."
)
@click.option("--again", is_flag=True, help="Review anew what is kept; what the model has answered is not asked twice.")
@click.option(
    "--results",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Where reviews and answers are kept. Default: {RESULTS} in the folder of cases.",
)
@click.option("--min-recall", type=click.FloatRange(0, 1), metavar="SHARE", help="Exit with 1 when it is under this.")
@click.option(
    "--min-precision", type=click.FloatRange(0, 1), metavar="SHARE", help="Exit with 1 when it is under this."
)
@click.option(
    "--from-history",
    type=click.IntRange(1, _MOST_COMMITS),
    metavar="N",
    help="Make cases of the last N pull requests of the clone FOLDER and their later fixes, instead of running any.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("evals"),
    show_default=True,
    metavar="DIR",
    help="Where cases made from history go.",
)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How to show the result."
)
@output_option
def evaluate(
    folder: Path,
    profile: str | None,
    rules_only: bool,
    only: tuple[str, ...],
    jobs: int,
    again: bool,
    results: Path | None,
    min_recall: float | None,
    min_precision: float | None,
    from_history: int | None,
    into: Path,
    format_: Format,
    output: Path | None,
) -> None:
    """Run the reviewer over the cases of a folder, and tell recall, precision, comments a change, tokens and cost.

    A case is a folder with case.toml (title, body, what is expected), before/ and after/. What was reviewed is kept, so
    a second run pays only for what is new: another prompt, model, profile or case. Ctrl-C shows what there is so far.

    \b
    seawall eval tests/evals --rules-only                what the rules alone find
    seawall eval tests/evals --profile economy --jobs 8  with the model, eight cases at a time
    seawall eval ~/src/shop --from-history 500 --into evals/    cases of your own past, to be read before they count
    """
    # The model asked is the one that is measured: none stands in for it.
    asked = {"fallback_model": ""} | ({"profile": profile} if profile else {})
    settings = load_settings(trust_here=False, llm=asked)
    if from_history:
        _make_cases(folder, from_history, into, settings)
        return
    cases = cases_in(folder, only)
    model = None if rules_only else configured_model(settings)
    if model is None and not rules_only:
        click.echo("No model is configured: rules only. Set SEAWALL_LLM__MODEL to add one.", err=True)
    kept = Results(results or folder / RESULTS)
    evaluation = Evaluation(
        folder, cases, reviewer_of(model, settings.llm.profile), kept, settings.reading.max_file_bytes, jobs, again
    )
    _show(_run(evaluation, settings, model), format_, output, min_recall, min_precision)


def _run(evaluation: Evaluation, settings: Settings, model: Model | None) -> Report:
    from bot.evals.kept_model import KeptModel

    asked = KeptModel(model, evaluation.results) if model else None
    reading = settings.reading
    hands = max(reading.guard_processes, min(os.cpu_count() or 1, evaluation.jobs))
    with _progress() as bar, guard_of(reading, processes=hands) as guard:
        task = bar.add_task("Starting", total=None)
        desks = Desks(settings, guard, asked, lambda: datetime.now(UTC))
        return evaluation.run(
            desks, lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total)
        )


def _show(
    report: Report, format_: Format, output: Path | None, min_recall: float | None, min_precision: float | None
) -> None:
    text = render(report, format_, is_terminal=output is None and sys.stdout.isatty())
    if output:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {output}: {len(report.judged)} cases.", err=True)
    else:
        click.echo(text.rstrip("\n"))
    now = report.figures[0]
    if report.is_interrupted:
        raise click.exceptions.Exit(_INTERRUPTED)
    if any(judged.troubled for judged in report.judged):
        raise click.exceptions.Exit(_FAILED)
    if _is_under(now.recall, min_recall) or _is_under(now.precision, min_precision):
        raise click.exceptions.Exit(_UNDER)


def _is_under(figure: Share, least: float | None) -> bool:
    return least is not None and figure.share is not None and figure.share < least


def _make_cases(repository: Path, last: int, into: Path, settings: Settings) -> None:
    from bot.evals.from_history import Past

    reading = settings.reading
    with _progress() as bar:
        task = bar.add_task("Starting", total=None)
        past = Past(
            repository,
            last,
            settings,
            lambda: Guard(reading.guard_processes, reading.guard_timeout_s, reading.guard_memory_mb),
            lambda: datetime.now(UTC),
            lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total),
        )
        made = past.write(into)
    there = f", {counted(len(made.there), 'case')} there already" if made.there else ""
    click.echo(f"Fixes traced: {made.fixes}. {counted(len(made.written), 'case')} written to {into}{there}.")
    if made.written:
        click.echo("Read each before it counts: its case.toml says how. Then: seawall eval " + str(into))


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
