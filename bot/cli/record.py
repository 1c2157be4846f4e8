"""`seawall forget`: what the ledger and the engine know of a repository or a person, removed."""

import click

from bot.engine.forgetting import Forgotten, forget_repository, forget_user
from bot.errors import UsageError
from bot.ledger import Ledger
from bot.review.receipt import counted
from bot.review.searching import mirrors_of
from bot.settings import Settings, load_settings


@click.command(short_help="Remove a repository or a person from the record.")
@click.argument("name", required=False, metavar="[OWNER/NAME|LOGIN]")
@click.option("--repo", metavar="OWNER/NAME", help="Everything about this repository.")
@click.option("--user", metavar="LOGIN", help="This person's name, wherever it stands.")
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
def forget(name: str | None, repo: str | None, user: str | None, yes: bool) -> None:
    """Remove a repository (OWNER/NAME), or a person's name (LOGIN), from the ledger and from the engine's work.

    Counts stay, without the name. Raw deliveries that name either are deleted, and so is the copy of a repository that
    is searched.
    """
    if sum(map(bool, (name, repo, user))) != 1:
        raise click.UsageError("Name one: a repository as OWNER/NAME, or a person by LOGIN.")
    if name and "/" in name:
        repo = name
    else:
        user = name or user
    settings = load_settings()
    if settings.ledger.access != "file":
        raise UsageError("`seawall forget` works only on the host that has the ledger's file. Run it there.")
    if not yes:
        click.confirm(f"What is known of {repo or user} is removed, and this cannot be undone. Go on?", abort=True)
    with Ledger(settings.ledger_path) as ledger:
        copies = [str(known) for known in ledger.ids_of(repo)] if repo else []
        work = _forget_work(settings, ledger, repo, user)
        counts = ledger.forget(repository=repo, user=user)
    for table, rows in counts.items():
        click.echo(f"{table}: {counted(rows, 'row')}")
    if not any(counts.values()):
        click.echo(f"The ledger knows nothing of {repo or user}.")
    if not all(mirrors_of(settings).remove(copy) for copy in copies):
        click.echo("Its copy in data_dir/mirrors was being read and is still there; forget again later.")
    if work.deleted:
        click.echo(f"engine: {counted(work.deleted, 'piece')} of work")
    if work.under_way:
        click.echo(f"engine: {counted(work.under_way, 'piece')} of work under way, still there; forget again later.")


def _forget_work(settings: Settings, ledger: Ledger, repo: str | None, user: str | None) -> Forgotten:
    if repo:
        return forget_repository(settings, repo, ledger.ids_of(repo))
    return forget_user(settings, user or "")
