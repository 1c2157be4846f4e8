"""`seawall dashboard`: the way in for whoever sits at the machine."""

from datetime import UTC, datetime

import click

from bot.cli.dashboard_tokens import token
from bot.cli.record_at_hand import open_ledger
from bot.dashboard.people import LINK_MINUTES, new_link
from bot.errors import SettingsError
from bot.settings import Settings, load_settings


@click.group(short_help="Sign in to the pages on the record.")
def dashboard() -> None:
    """The dashboard: pages on the record, served by `seawall serve` or `seawall web`."""


dashboard.add_command(token)


@dashboard.command(short_help="Make a link that signs one person in, once.")
def login() -> None:
    """Make a link that signs one person in, once, within five minutes. It shows everything on record, and may set
    things right: whoever can run this holds the record anyway."""
    settings = load_settings()
    if not settings.dashboard.enabled:
        raise SettingsError("The dashboard is switched off (dashboard.enabled). Set SEAWALL_DASHBOARD__ENABLED=true.")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open_ledger(settings) as ledger:
        link = new_link(ledger, address(settings), datetime.now(UTC))
    click.echo(link)
    click.secho(f"Good for {LINK_MINUTES} minutes, once.", dim=True, err=True)


def address(settings: Settings) -> str:
    """Where a browser reaches the dashboard: its public address, or this machine. Raises SettingsError where the port
    was left to chance."""
    if settings.dashboard.url:
        return settings.dashboard.url
    if not settings.web.port:
        raise SettingsError("web.port is 0, so the address is not known. Set SEAWALL_WEB__PORT, or dashboard.url.")
    return f"http://127.0.0.1:{settings.web.port}"
