"""`seawall rules drafts` and `seawall rules draft`: rules drafted of confirmed findings, to adopt or to leave."""

import json
from typing import TYPE_CHECKING

import click
from rich.console import Console

from bot.domain import RuleDraft
from bot.errors import NotFound
from bot.review.drafting.writing import path_of
from bot.review.formats.visible import one_line, visible
from bot.settings import load_settings
from bot.settings.beside import OWN
from bot.settings.nearest import did_you_mean

if TYPE_CHECKING:
    from bot.ledger import Ledger

_MOST = 200


@click.command("drafts", short_help="List the rules that were drafted of confirmed findings.")
@click.option("--repo", metavar="OWNER/NAME", help="Only this repository.")
@click.option("--all", "with_failed", is_flag=True, help="Also the tries of which nothing came, with the reason.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def drafts(repo: str | None, with_failed: bool, format_: str) -> None:
    """List the rules that were drafted of findings which turned out right and which no rule knows.

    None of them is applied: `seawall rules draft ID` prints the file to put on the base branch. `draft FINDING` on a
    pull request, in chat or as `seawall chat "draft FINDING acme/shop#12"` makes one.
    """
    from bot.cli.named import repository_id  # the record, which listing the rules does without
    from bot.cli.record_at_hand import open_ledger

    with open_ledger(load_settings()) as ledger:
        found = [
            draft for draft in ledger.rule_drafts(repository_id(ledger, repo), _MOST) if draft.is_kept or with_failed
        ]
        where = {repository.id: repository.full_name for repository in ledger.known_repositories()}
    if format_ == "json":
        click.echo(json.dumps([draft.to_json() for draft in found], indent=2, ensure_ascii=False))
        return
    if not found:
        click.echo(f"No rule is drafted{f' for {repo}' if repo else ''}.")
        return
    console = Console(markup=False, highlight=False, soft_wrap=True)
    for draft in found:
        origin = f"{where.get(draft.repository_id, 'a repository that is gone')}#{draft.number}"
        console.print(f"{draft.id}  {draft.at[:10]}  {origin}  {draft.name or draft.rule}")
        console.print(f"    {one_line(_in_short(draft))}")
    console.print("\nNone is applied. `seawall rules draft ID` prints one, to put on the base branch.")


@click.command("draft", short_help="Print a drafted rule, as the file to put on the base branch.")
@click.argument("draft_id", metavar="ID")
def draft(draft_id: str) -> None:
    """Print a drafted rule as the file to adopt it by; nothing is changed.

    \b
    seawall rules draft d-3f9a2b1 > .github/seawall/rules/NAME.toml
    seawall rules test
    """
    from bot.cli.record_at_hand import open_ledger

    with open_ledger(load_settings()) as ledger:
        found = ledger.rule_draft(draft_id.lower()) or _only_like(ledger, draft_id.lower())
    if not found.is_kept:
        raise NotFound(f"Of {found.id} came no rule: {one_line(found.why_not)}.")
    click.echo(visible(found.toml), nl=False)
    click.echo(one_line(f"To adopt it: {path_of(found.name.removeprefix(f'{OWN}/'))}"), err=True)


def _only_like(ledger: "Ledger", wanted: str) -> RuleDraft:
    known = ledger.rule_drafts(None, _MOST)
    named = [one for one in known if one.name in (wanted, f"{OWN}/{wanted}") and one.is_kept]
    if len(named) == 1:
        return named[0]
    near = did_you_mean(wanted, [one.id for one in known])
    raise NotFound(f"There is no rule draft {wanted}{near}. `seawall rules drafts` lists them.")


def _in_short(draft: RuleDraft) -> str:
    if not draft.is_kept:
        return f"nothing came of it: {draft.why_not}"
    count = len(draft.places)
    places = f"{count} other place{'s' if count != 1 else ''}" if count else "nothing else"
    return f"{draft.title} · finds {places} in {draft.files} file{'s' if draft.files != 1 else ''}"
