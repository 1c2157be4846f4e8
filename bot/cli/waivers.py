"""`seawall waivers`: everything that is not said, and who decided so."""

import json
from datetime import UTC, datetime

import click
from rich.console import Console

from bot.cli.named import repository_id
from bot.cli.record_at_hand import open_ledger
from bot.settings import load_settings


@click.command(short_help="List what is muted, dismissed or silenced, by whom, why and until when.")
@click.option("--repo", metavar="OWNER/NAME", help="Only this repository.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def waivers(repo: str | None, format_: str) -> None:
    """List every waiver in force: rules that are muted, findings dismissed, comments that silence a line."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with open_ledger(load_settings()) as ledger:
        rows = ledger.ask("waivers", repository_id=repository_id(ledger, repo), at=now)
    if format_ == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        click.echo(f"No waiver is in force{f' in {repo}' if repo else ''}.")
        return
    console = Console(markup=False, highlight=False, soft_wrap=True)
    for row in rows:
        where = f" {row['path']}" if row["path"] else ""
        number = f" #{row['number']}" if row["number"] else ""
        until = f"until {row['expires_at']}" if row["expires_at"] else "until it is taken back"
        console.print(f"{row['id']}  {row['kind']}  {row['repository']}{number}  {row['rule']}{where}")
        console.print(f"    {row['owner']}: {row['reason'] or 'no reason given'} · {until}")
    console.print(f"\n{len(rows)} in force. `unmute RULE` on a pull request or in chat lets a muted rule speak again.")
