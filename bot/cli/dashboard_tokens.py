"""`seawall dashboard token`: tokens for programs that read the dashboard's JSON."""

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bot.cli.named import repository_id
from bot.cli.record_at_hand import open_ledger
from bot.dashboard.api.tokens import make_token
from bot.errors import NotFound, UsageError
from bot.ledger import Ledger
from bot.settings import load_settings

MOST_DAYS = 730


@click.group(short_help="Make, list and revoke tokens for /api/v1.")
def token() -> None:
    """Tokens for programs that read /api/v1. The ledger keeps their digests: a token is shown once, when it is made."""


@token.command(short_help="Make one, and print it.")
@click.argument("name")
@click.option(
    "--repo", "repositories", metavar="OWNER/NAME", multiple=True, help="A repository it may see; give it again."
)
@click.option("--all", "sees_all", is_flag=True, help="It may see every repository, also those to come.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=90, show_default=True, help="How long it is good.")
def create(name: str, repositories: tuple[str, ...], sees_all: bool, days: int) -> None:
    """Make a token called NAME, for what is named by --repo, or with --all for everything.

    \b
    seawall dashboard token create grafana --repo acme/shop --repo acme/billing
    curl -H "Authorization: Bearer swl_…" https://seawall.acme.example/api/v1/rules

    It may read and nothing else. The token goes to the output, all else to the error output.
    """
    if bool(repositories) == sees_all:
        raise UsageError("Say what the token may see: --repo OWNER/NAME, once or more, or --all.")
    with open_ledger(load_settings()) as ledger:
        ids = None if sees_all else _ids(ledger, repositories)
        token_id, made = make_token(ledger, name, _operator(), ids, datetime.now(UTC), days)
    click.echo(made)
    told = "every repository" if sees_all else ", ".join(repositories)
    click.echo(f"{token_id} may see {told} for {days} days. It is not shown again.", err=True)


@token.command("list", short_help="List them, without what lets anybody in.")
def list_() -> None:
    """List the tokens that were ever made: who made each, what it may see, until when, when it was last used."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with open_ledger(load_settings()) as ledger:
        rows, names = ledger.api_tokens(), {one.id: one.full_name for one in ledger.known_repositories()}
    if not rows:
        click.echo("There is no token. `seawall dashboard token create NAME --repo OWNER/NAME` makes one.")
        return
    table = Table("id", "name", "may see", "made by", "state", "used", box=None)
    for row in rows:
        ids = row["repository_ids"]
        sees = "everything" if ids is None else ", ".join(names.get(one, f"repository {one}") for one in ids)
        table.add_row(row["id"], row["name"], sees, row["made_by"], _state(row, now), row["used_at"][:10] or "never")
    Console(highlight=False, markup=False, soft_wrap=True).print(table)


@token.command(short_help="Take one back, at once.")
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """Take back the token with this ID, as `seawall dashboard token list` shows it. It opens nothing any more."""
    with open_ledger(load_settings()) as ledger:
        if not ledger.end_api_token(token_id, datetime.now(UTC).isoformat(timespec="seconds")):
            raise NotFound(f"There is no token {token_id} to take back. `seawall dashboard token list` shows them.")
    click.echo(f"{token_id} opens nothing any more.")


def _ids(ledger: Ledger, repositories: tuple[str, ...]) -> list[int]:
    found = [repository_id(ledger, name) for name in repositories]
    return [one for one in found if one is not None]


def _state(row: Mapping[str, Any], now: str) -> str:
    if row["ended_at"]:
        return "revoked"
    return "expired" if row["expires_at"] <= now else f"to {row['expires_at'][:10]}"


def _operator() -> str:
    """Whoever is at the terminal, as the system knows them; nameless in a container."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "terminal"
