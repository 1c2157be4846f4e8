"""`seawall rules test`: a team's own rules, tried on their own examples; and where they are found on this machine."""

from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.domain import FoundText, PolicyTexts
from bot.errors import NotFound, UsageError
from bot.review.formats.visible import one_line, visible
from bot.rules.teams import TeamRule, TeamRules, read_rules
from bot.rules.teams.vetting import Verdict, verdicts
from bot.settings import load_settings
from bot.settings.beside import ORGANISATION_RULES_FOLDER, RULES_FOLDER, RULES_SUFFIX
from bot.settings.nearest import did_you_mean
from bot.source.policy_here import rules_in

FAILED = 1
WRONG = 2


def rules_at(path: Path) -> tuple[FoundText, ...]:
    """The rules of a repository, of the organisation's, of a folder that holds nothing else, or of one file."""
    if path.is_file():
        return tuple(file for file in rules_in(path.parent, path.parent.as_posix()) if file.path.endswith(path.name))
    for folder in (path / RULES_FOLDER, path / ORGANISATION_RULES_FOLDER):
        if folder.is_dir():
            return rules_in(folder, folder.relative_to(path).as_posix())
    return rules_in(path, path.as_posix()) if path.name == Path(RULES_FOLDER).name else ()


def own_rules_here() -> TeamRules:
    """Those of the current folder."""
    return read_rules(PolicyTexts(rules=rules_at(Path.cwd())))


def own_rule_named(name: str) -> TeamRule:
    """Raises NotFound with the nearest name."""
    found = own_rules_here()
    for rule in found.rules:
        if rule.full_name == name:
            return rule
    near = did_you_mean(name, [rule.full_name for rule in found.rules])
    broken = f" {found.problems[0]}" if found.problems else ""
    raise NotFound(f"There is no rule {name!r} in {RULES_FOLDER} here{near}.{broken}")


def page_of_own(rule: TeamRule) -> str:
    """Its Markdown page, like those of our rules."""
    parts = [
        f"# {rule.full_name}",
        f"Severity {rule.severity} · {', '.join(rule.languages)} · class {rule.class_} · from `{rule.file}`",
        f"## What it finds\n\n{rule.title}\n\n{rule.body}",
        f"## Use instead\n\n{rule.fix}",
        f"## Looks for\n\n```\n{(rule.pattern or rule.query).strip()}\n```",
        "## Examples",
    ]
    for label, examples in (("Raises an alarm", rule.bad), ("Is fine", rule.good)):
        parts += [f"{label}:\n\n```{rule.language_of(example)}\n{example.code.strip()}\n```" for example in examples]
    if rule.paths:
        parts.append("Only in " + ", ".join(f"`{path}`" for path in rule.paths) + ".")
    silence = f"seawall: ignore[{rule.full_name}] the reason"
    parts.append(f"To silence it: a comment `{silence}`, or `rules_off` in the policy.")
    return visible("\n\n".join(parts)) + "\n"


@click.command("test", short_help="Try a team's own rules on their own examples.")
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
def test(path: Path) -> None:
    """Try the own rules of a repository on their own examples.

    PATH is a repository (its .github/seawall/rules is taken), a folder of rules, or one file.

    \b
    Exit codes: 0 every example is as it should be, 1 one is not, 2 a file is no rule, or there are none.
    """
    from bot.review.desks import guard_of  # the pipeline, which listing and explaining do without

    found = rules_at(path)
    if not found:
        raise UsageError(
            f"There are no rules at {path}. Write one to {RULES_FOLDER}/NAME{RULES_SUFFIX}; see the README."
        )
    read = read_rules(PolicyTexts(rules=found))
    with guard_of(load_settings(trust_here=False).reading) as guard:
        judged = verdicts(guard, read.rules)
    if judged:
        Console(highlight=False).print(_table(judged))
    for one in judged:
        for tried in one.tried:
            if tried.wrong:
                click.echo(f"{one.rule.file}: {tried.kind} example {tried.number} ({tried.language}) {tried.wrong}.")
        if one.flaw:
            click.echo(one_line(f"{one.rule.file}: {one.flaw}."))
    for problem in read.problems:
        click.echo(one_line(problem))
    if read.problems or any(one.flaw for one in judged):
        raise click.exceptions.Exit(WRONG)
    if any(one.reason for one in judged):
        raise click.exceptions.Exit(FAILED)


def _table(judged: list[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("rule", "severity", "languages", "bad", "good", ""):
        table.add_column(column)
    for one in judged:
        right = Counter(tried.kind for tried in one.tried if not tried.wrong)
        table.add_row(
            one.rule.full_name,
            one.rule.severity.value,
            ", ".join(one.rule.languages),
            f"{right['bad']}/{len(one.rule.bad)}" if not one.flaw else "–",
            f"{right['good']}/{len(one.rule.good)}" if not one.flaw else "–",
            "[red]cannot run[/]" if one.flaw else "[red]fails[/]" if one.reason else "[green]passes[/]",
        )
    return table
