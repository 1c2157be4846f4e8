"""`seawall backfill`: the past of a repository, read from GitHub into the record: figures from the first week on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from bot.cli.record_at_hand import open_ledger
from bot.errors import HostUnavailable, RateLimited
from bot.github import GitHubHost, fetch_repository
from bot.ledger import Ledger
from bot.regex import regex
from bot.settings import Settings, load_settings
from bot.weekly.backfilling import Backfilled
from bot.weekly.backfilling import Progress as Step
from bot.weekly.backfilling import backfill as read_back

_INTERRUPTED = 130
_LONGEST_WAIT_S = 3700.0
"""GitHub counts by the hour."""
_MOST_WAITS = 24
_AGO = regex(r"(\d{1,4})([dw])")
_GOES_ON = "Nothing is lost; the same command goes on where it stopped."


class _Since(click.ParamType[str]):
    """`90d`, `12w` or a date → the beginning of that day, ISO 8601 in UTC."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            if ago := _AGO.fullmatch(value):
                days = int(ago[1]) * (7 if ago[2] == "w" else 1)
                day = datetime.now(UTC) - timedelta(days=days)
            else:
                day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time; write 90d, 12w or 2026-01-01.", param, ctx)
        return f"{day:%Y-%m-%d}T00:00:00Z"


@click.command(short_help="Read the past of a repository from GitHub, for the weekly figures.")
@click.argument("full_name", metavar="OWNER/REPO")
@click.option("--since", type=_Since(), default="90d", show_default=True, help="How far back: 90d, 12w, 2026-01-01.")
@click.option("--wait", is_flag=True, help="Wait where GitHub's rate limit is reached, instead of stopping there.")
def backfill(full_name: str, since: str, wait: bool) -> None:
    """Read the pull requests that changed since then, and what became of them, into the record; deployments, releases
    and incidents too, where the App or token may see them. What is known already is not read again.

    It may stop anywhere (Ctrl-C, a crash, a rate limit): the same command goes on there. A fifth of GitHub's hourly
    limit is left to the reviews.

    \b
    seawall backfill acme/shop                     the last 90 days
    seawall backfill acme/shop --since 2026-01-01 --wait

    Exit codes: 0 all is read, 3 GitHub wants us to come back later or failed, 130 stopped.
    """
    owner, slash, name = full_name.partition("/")
    if not (owner and slash and name) or "/" in name:
        raise click.UsageError(f"{full_name!r} is no repository; write OWNER/REPO.")
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    host = GitHubHost(settings.github)
    try:
        with open_ledger(settings) as ledger:
            done = _read(settings, host, ledger, (owner, name), since, wait)
    except KeyboardInterrupt:
        click.echo(f"Stopped. {_GOES_ON}", err=True)
        raise click.exceptions.Exit(_INTERRUPTED) from None
    finally:
        host.close()
    counts = f"{done.read} {'pull request' if done.read == 1 else 'pull requests'}, {done.events} moments"
    click.echo(f"Read of {full_name}: {counts}. The record goes back to {done.since[:10]}.")
    for refused in done.refused:
        click.echo(f"Passed over: {refused} is not granted.", err=True)


def _read(
    settings: Settings, host: GitHubHost, ledger: Ledger, named: tuple[str, str], since: str, wait: bool
) -> Backfilled:
    with _bar() as bar:

        def go_on() -> Backfilled:
            try:
                repository = fetch_repository(host, *named)
                return read_back(host, ledger, repository, since, settings.weekly.incident_labels, bar.show)
            except RateLimited as limited:
                wait_s = min(max(limited.retry_after_s or 60.0, 1.0), _LONGEST_WAIT_S)
                raise RateLimited(f"{limited} {_GOES_ON} Try {_at(wait_s)}.", wait_s) from limited
            except HostUnavailable as away:
                raise HostUnavailable(f"{away} {_GOES_ON}", away.retry_after_s) from away

        for _ in range(_MOST_WAITS if wait else 0):
            try:
                return go_on()
            except RateLimited as limited:
                wait_s = limited.retry_after_s or 0.0
                bar.say(f"GitHub's limit is reached; going on {_at(wait_s)}")
                time.sleep(wait_s)
        return go_on()


def _at(wait_s: float) -> str:
    return f"at {datetime.now(UTC) + timedelta(seconds=wait_s):%H:%M} UTC"


class _Bar:
    """How far back in time the reading has come."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("Starting", total=None)

    def show(self, step: Step) -> None:
        began, at, since = (datetime.fromisoformat(text) for text in (step.began, step.at, step.since))
        total = max((began - since).total_seconds(), 1.0)
        said = f"{step.read} {step.what}, back to {at:%Y-%m-%d}"
        self._bar.update(self._task, description=said, total=total, completed=max((began - at).total_seconds(), 0.0))

    def say(self, text: str) -> None:
        if self._bar.disable:
            click.echo(text, err=True)
        self._bar.update(self._task, description=text)


@contextmanager
def _bar() -> Iterator[_Bar]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield _Bar(bar)
