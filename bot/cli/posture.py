"""`seawall posture`: which calls a service makes to others, and what protects each of them."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.named import repository_id
from bot.domain import PolicyTexts, PostureMap
from bot.ledger import Ledger
from bot.posture import FileSurvey, budget_of, map_of, map_on_record, survey_all
from bot.posture.formats import FORMATS, render_fleet, render_map
from bot.review.desks import guard_of
from bot.settings import Settings, load_settings, resolve_policy
from bot.settings.globs import is_among
from bot.settings.policy import REPOSITORY_FILE
from bot.source import WholeFiles, classify, folders_of_copies
from bot.source.policy_here import libraries_in
from bot.syntax import is_test_path, language_of
from bot.syntax.guard import Guard


@click.command(short_help="Map the calls a service makes to others, and what protects them.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--fleet", is_flag=True, help="Join the services in these folders (or, without any, on record).")
@click.option("--keep", metavar="OWNER/NAME", help="Keep the map in the record, as that repository's.")
@click.option("--tests/--no-tests", "include_tests", default=False, help="Survey test files too.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the result to this file.")
def posture(
    paths: tuple[Path, ...], fleet: bool, keep: str | None, include_tests: bool, format_: str, output: Path | None
) -> None:
    """List every outbound dependency found in the code, where it is called and what protects it: timeout, retry,
    breaker, bulkhead, throttle, fallback, cancellation, metrics; each there, not there, or not to be told.

    \b
    seawall posture                                     the service in this folder
    seawall posture src/ --format html --output p.html  as a page
    seawall posture --fleet gateway/ checkout/ rates/   waits and retries along the chains of calls
    seawall posture . --keep acme/checkout              for the reviews to come
    """
    if len(paths) > 1 and not fleet:
        raise click.UsageError("One folder is one service; join several with --fleet.")
    if keep and fleet:
        raise click.UsageError("--keep takes the map of one service, without --fleet.")
    is_terminal = output is None and sys.stdout.isatty()
    settings = load_settings(trust_here=bool(keep) or (fleet and not paths))
    if fleet and not paths:
        with Ledger(settings.ledger_path) as ledger:
            maps = [map_on_record(one) for one in ledger.postures()]
    else:
        with guard_of(settings.reading) as guard:
            maps = [map_at(path, settings, guard, include_tests) for path in paths or (Path("."),)]
    if keep:
        _keep(settings, keep, maps[0])
    if fleet:
        show(render_fleet(budget_of(maps), format_, is_terminal=is_terminal), output)
    else:
        show(render_map(maps[0], format_, is_terminal=is_terminal), output)


def _keep(settings: Settings, full_name: str, found: PostureMap) -> None:
    with Ledger(settings.ledger_path) as ledger:
        known = repository_id(ledger, full_name)
        assert known is not None
        ledger.keep_posture(known, found, datetime.now(UTC).isoformat(timespec="seconds"))
    click.echo(f"Kept as the map of {full_name}.", err=True)


def map_at(path: Path, settings: Settings, guard: Guard, include_tests: bool) -> PostureMap:
    """The map of the service whose code lies there, under the name that its policy gives it, else its folder's."""
    whole = WholeFiles([path], settings.reading, root=path if path.is_dir() else None)
    root = whole.root
    file = next((f for folder in (root, *root.resolve().parents) if (f := folder / REPOSITORY_FILE).is_file()), None)
    text = file.read_text(encoding="utf-8", errors="replace") if file is not None else None
    policy = resolve_policy(settings.policy, PolicyTexts(repository=text)).policy
    copies = folders_of_copies(libraries_in(root))
    files = [
        (name, content)
        for name, content in whole
        if language_of(name)
        and not is_among(name, (*policy.ignore_paths, *policy.generated_paths))
        and classify(name, content, settings.reading, copies) is None
        and (include_tests or policy.include_tests or not is_test_path(name))
    ]
    columns = (TextColumn("Surveying"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(files))
        surveys = survey_all(guard, files, progress=lambda: bar.advance(task))
    unread = [f"{name}: {why}" for (name, _), why in zip(files, surveys, strict=True) if isinstance(why, str)]
    service = policy.posture.service or root.resolve().name
    read = [one for one in surveys if isinstance(one, FileSurvey)]
    return map_of(read, service, policy.posture.services, unread, policy.posture.own_hosts)


def show(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text.rstrip("\n"))
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {output}.", err=True)
