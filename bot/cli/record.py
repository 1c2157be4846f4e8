"""`seawall forget`: what the ledger knows of a repository or a person, removed."""

import click

from bot.ledger import Ledger
from bot.settings import load_settings


@click.command(short_help="Remove a repository or a person from the record.")
@click.option("--repo", metavar="OWNER/NAME", help="Everything about this repository.")
@click.option("--user", metavar="LOGIN", help="This person's name, wherever it stands.")
@click.confirmation_option(prompt="This cannot be undone. Go on?")
def forget(repo: str | None, user: str | None) -> None:
    """Remove a repository, or a person's name, from the ledger. Counts stay, without the name."""
    if bool(repo) == bool(user):
        raise click.UsageError("Name one: --repo OWNER/NAME or --user LOGIN.")
    with Ledger(load_settings().ledger_path) as ledger:
        counts = ledger.forget(repository=repo, user=user)
    for table, rows in counts.items():
        click.echo(f"{table}: {rows} rows")
    if not any(counts.values()):
        click.echo(f"The ledger knows nothing of {repo or user}.")
