"""`seawall rules` and `seawall explain`: what Seawall knows."""

import inspect
import json
import textwrap
from itertools import groupby

import click
from rich.console import Console
from rich.markdown import Markdown

from bot.domain import Severity
from bot.rules import all_rules
from bot.rules import explain as page_of
from bot.rules.rule import Rule

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
}


@click.command(short_help="List the rules.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(format_: str) -> None:
    """List the rules: name, severity, languages, and what each finds."""
    known = sorted(all_rules(), key=lambda rule: rule.name)
    if format_ == "json":
        rows = [
            {
                "name": rule.name,
                "severity": rule.severity.value,
                "languages": sorted(rule.languages),
                "finds": _first_sentence(rule),
            }
            for rule in known
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
    console.print(f"\n{len(known)} rules. `seawall explain NAME` shows one with examples.", style="dim")


@click.command(short_help="Explain a rule, with examples.")
@click.argument("name")
def explain(name: str) -> None:
    """Explain a rule: what it finds, why it matters, good and bad code, how to suppress it."""
    page = page_of(name)
    console = Console()
    if console.is_terminal:
        console.print(Markdown(page))
    else:
        click.echo(page)


def _first_sentence(rule: Rule) -> str:
    """The first sentence of the rule's page."""
    page = inspect.cleandoc(type(rule).__doc__ or "").partition("\n\n")[0]
    text = " ".join(line for line in page.splitlines() if not line.startswith("#"))
    return text.split(". ")[0].rstrip(".") + "."
