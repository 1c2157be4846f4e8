"""`seawall weekly`: the week on one page."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.named import repository_id
from bot.cli.record_at_hand import open_ledger
from bot.domain import Model, Repository
from bot.errors import NotFound, UsageError
from bot.ledger import Ledger
from bot.settings import Settings, load_settings
from bot.weekly.formats import FORMATS, render
from bot.weekly.reading import read_summary, subject_of, week_named
from bot.weekly.summary import Summary
from bot.weekly.week import Week

if TYPE_CHECKING:
    from bot.weekly.delivery.courier import Courier


@click.command(short_help="Tell a week: is work flowing, did review prevent trouble, what to do next.")
@click.argument("repo", required=False, metavar="[OWNER/NAME]")
@click.option("--org", is_flag=True, help="All repositories together; so it is without a name.")
@click.option("--week", metavar="WEEK", help="Such as 2026-W47. Default: the last one that is over.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the result to this file.")
@click.option("--model/--no-model", "by_model", default=True, help="Who writes the three sentences, if one is set.")
@click.option("--post", is_flag=True, help="Tell it now to whom it concerns: channels, mail, issue, folder.")
def weekly(
    repo: str | None, org: bool, week: str | None, format_: str, output: Path | None, by_model: bool, post: bool
) -> None:
    """Tell a week from the record: three sentences, the figures with what they are made of, charts, the five things
    worth doing, and every definition. No figure is of a person.

    \b
    seawall weekly                                      all repositories, the last week
    seawall weekly acme/shop --week 2026-W47            one of them, that week
    seawall weekly --format html --output week.html     as a page
    seawall weekly acme/shop --post                     to its channels, and where the settings say

    With --post nothing is printed but whom it was told, unless --output says where it is to be written too.
    """
    if repo and org:
        raise click.UsageError("Name one repository, or say --org.")
    settings, now = load_settings(), datetime.now(UTC)
    with open_ledger(settings) as ledger, _model(settings if by_model else None, ledger) as model:
        repositories = _repositories(ledger, repo)
        subject, ids = subject_of(repositories), [repository.id for repository in repositories]
        chosen = week_named(week, settings.weekly.of(subject), now)
        if not post:
            summary = read_summary(ledger, repositories, subject, chosen, settings.weekly, now, model)
            _write(summary, format_, output)
            return
        with _courier(settings, ledger, model) as courier:
            if output:
                _write(courier.summary(subject, ids, chosen), format_, output)
            _post(courier, chosen, repositories[0] if repo else None)


def _write(summary: Summary, format_: str, output: Path | None) -> None:
    text = render(summary, format_, is_terminal=output is None and sys.stdout.isatty())
    if output:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {output}: {summary.title}.", err=True)
    else:
        click.echo(text.rstrip("\n"))


def _post(courier: "Courier", week: Week, repository: Repository | None) -> None:
    """Says whom it was told. Raises UsageError where nobody is to be told; leaves with 3 where somebody was not."""
    told = courier.post(week, repository)
    if not told:
        name = repository.full_name if repository else "OWNER/NAME"
        raise UsageError(
            f"Nobody is to be told. In a channel, `/seawall subscribe {name} weekly` asks for it; or set "
            "weekly.channels, weekly.to_mail, weekly.issue_repository or weekly.folder."
        )
    for one in told:
        place = one.destination.place
        where = f"{place.transport} {place.channel}".strip() if place else one.destination.way
        ending = f"not told. {one.failure}" if one.failure else "told"
        click.echo(f"{one.destination.subject}, {week.name}, {where}: {ending}", err=bool(one.failure))
    if any(one.failure for one in told):
        raise click.exceptions.Exit(3)


@contextmanager
def _courier(settings: Settings, ledger: Ledger, model: Model | None) -> "Iterator[Courier]":
    """It asks the model once for all whom it tells, and for what is written beside."""
    from bot.github import GitHubHost  # slow to load, and only needed here
    from bot.weekly.delivery.courier import Courier

    with closing(GitHubHost(settings.github)) as host:
        yield Courier(settings, ledger, host, lambda: datetime.now(UTC), model)


def _repositories(ledger: Ledger, name: str | None) -> Sequence[Repository]:
    """The one that is named, or all. Raises UsageError where there is none."""
    known = ledger.known_repositories()
    if not known:
        raise UsageError("No repository is on record yet. `seawall backfill OWNER/NAME` reads one's history.")
    try:
        wanted = repository_id(ledger, name)
    except NotFound as nowhere:
        raise UsageError(str(nowhere)) from nowhere
    return known if wanted is None else [repository for repository in known if repository.id == wanted]


@contextmanager
def _model(settings: Settings | None, ledger: Ledger) -> Iterator[Model | None]:
    """Its calls are booked like those of reviews; None where none is set or wanted."""
    if settings is None or not settings.llm.model:
        yield None
        return
    from bot.llm import Gateway  # slow to load, and not needed without a model
    from bot.review.spending import account_of, answers_of

    record = answers_of(ledger, settings.llm.cache_hours)
    with closing(Gateway(settings.llm, account_of(ledger), record=record)) as gateway:
        yield gateway
