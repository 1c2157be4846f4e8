"""`seawall rules` and `seawall explain`: what Seawall knows."""

import inspect
import json
import textwrap
from collections.abc import Sequence
from itertools import groupby

import click
from rich.console import Console
from rich.markdown import Markdown

from bot.cli.own_rules import own_rule_named, own_rules_here, page_of_own
from bot.cli.own_rules import test as test_own_rules
from bot.cli.rule_drafts import draft, drafts
from bot.domain import Severity
from bot.review.formats.visible import visible
from bot.rules import all_rules
from bot.rules import explain as page_of
from bot.rules.rule import Rule
from bot.settings.beside import is_of_team

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
}


@click.group(
    short_help="List the rules; `rules test` tries a team's own, `rules drafts` lists drafted ones.",
    invoke_without_command=True,
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def rules(context: click.Context, format_: str) -> None:
    """List the rules: name, severity, languages, and what each finds; the own ones of the current folder last.

    `seawall rules test [PATH]` tries own rules on their own examples; `seawall rules drafts` lists those that Seawall
    drafted of confirmed findings, and `seawall rules draft ID` prints one.
    """
    if context.invoked_subcommand is not None:
        return
    known = sorted(all_rules(), key=lambda rule: rule.name)
    own = own_rules_here()
    if format_ == "json":
        rows = [
            {
                "name": rule.name,
                "severity": rule.severity.value,
                "languages": sorted(rule.languages),
                "finds": _first_sentence(rule),
            }
            for rule in known
        ] + [
            {
                "name": rule.full_name,
                "severity": rule.severity.value,
                "languages": sorted(rule.languages),
                "finds": rule.title,
            }
            for rule in own.rules
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for class_, members in groupby(known, key=lambda rule: rule.class_):
        console.print(f"\n[bold]{class_}[/]")
        for rule in members:
            severity = f"[{SEVERITY_STYLES[rule.severity]}]{rule.severity.value}[/]"
            console.print(f"  {rule.name}  {severity}  [dim]{', '.join(sorted(rule.languages))}[/]")
            console.print(textwrap.indent(textwrap.fill(_first_sentence(rule), 96), "    "), markup=False)
    if own.rules:
        console.print("\n[bold]own[/]")
    for one in own.rules:
        severity = f"[{SEVERITY_STYLES[one.severity]}]{one.severity.value}[/]"
        console.print(f"  {one.full_name}  {severity}  [dim]{', '.join(sorted(one.languages))}[/]")
        console.print(textwrap.indent(textwrap.fill(visible(one.title), 96), "    "), markup=False)
    for problem in own.problems:
        click.echo(f"  {visible(problem)}", err=True)
    console.print(
        f"\n{len(known) + len(own.rules)} rules. `seawall explain NAME` shows one with examples.", style="dim"
    )


rules.add_command(test_own_rules)
rules.add_command(drafts)
rules.add_command(draft)


@click.command(short_help="Explain a rule, with examples.")
@click.argument("name")
def explain(name: str) -> None:
    """Explain a rule: what it finds, why it matters, good and bad code, how to suppress it.

    NAME is a rule, a class of rules, a team's own rule of the current folder (own/…), or one of the words severity and
    confidence.
    """
    if members := [rule for rule in all_rules() if rule.class_ == name]:
        page = _page_of_class(name, members)
    else:
        page = page_of_own(own_rule_named(name)) if is_of_team(name) else page_of(name)
    console = Console()
    if console.is_terminal:
        console.print(Markdown(page))
    else:
        click.echo(page)


def _page_of_class(name: str, members: Sequence[Rule]) -> str:
    lines = [f"- `{rule.name}`, {rule.severity.value}: {_first_sentence(rule)}" for rule in members]
    return "\n".join([f"# {name}", "", "A class of rules:", "", *lines, ""])


def _first_sentence(rule: Rule) -> str:
    """The first sentence of the rule's page."""
    page = inspect.cleandoc(type(rule).__doc__ or "").partition("\n\n")[0]
    text = " ".join(line for line in page.splitlines() if not line.startswith("#"))
    return text.split(". ")[0].rstrip(".") + "."
