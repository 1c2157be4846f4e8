"""`seawall explain`: a rule's page, made of its docstring, its examples and the API catalogue."""

import inspect
from collections.abc import Iterable, Sequence

from bot.rules.api_rows import Bounded, Row
from bot.rules.apis import catalogue
from bot.rules.known_from import sources_of
from bot.rules.left_out import why_left_out
from bot.rules.registry import rule_named
from bot.rules.rule import Example, Rule
from bot.rules.weighing import PAGES
from bot.syntax import Language, language_named

HEADINGS = ("What it finds", "Why it matters", "Use instead")
ROWS_SHOWN = 12
SOURCES_SHOWN = 3
EXAMPLES_SHOWN = 2
"""Of each kind and language: a rule has many more, which prove its conditions and teach a reader nothing."""


def explain(name: str) -> str:
    """The Markdown page of a rule, of what `severity` or `confidence` mean, or of why a kind has no rule. Raises
    errors.NotFound with the nearest name."""
    if name in PAGES:
        return PAGES[name]
    if reason := why_left_out(name):
        return f"# {name}\n\nNo rule reports this kind; a model may.\n\n## Why not\n\n{reason}\n"
    rule = rule_named(name)
    titles = [language_named(language).title for language in rule.languages]
    parts = [
        f"# {rule.name}",
        f"Severity {rule.severity} · {', '.join(titles)}",
        inspect.cleandoc(type(rule).__doc__ or ""),
        "## Known from",
        *(f"{one.tells} ([{one.page}]({one.url}))" for one in sources_of(rule.name)[:SOURCES_SHOWN]),
        "## Examples",
        *(_examples(rule, language_named(language)) for language in rule.languages),
    ]
    if knowledge := [_knowledge(rule, language_named(language)) for language in rule.languages if rule.sections]:
        parts += ["## What Seawall knows of libraries", *(part for part in knowledge if part)]
    if rule.covered_by:
        codes = ", ".join(f"`{entry.split('[')[0].replace(':', ' ', 1)}`" for entry in rule.covered_by)
        parts += [
            "## Where a linter says it",
            f"Where this repository's own configuration enables {codes}, this rule leaves it to that linter, and the "
            'receipt says so. `linters = "ignore"` in the policy has it said here as well. Where a remark in the code '
            "lets that rule pass, such as `# noqa: CODE`, `// eslint-disable-next-line RULE`, `//nolint:NAME`, "
            "`@SuppressWarnings`, `#pragma warning disable` or `#[allow(…)]`, this one is silent at that place too. A "
            "remark that names no rule lets nothing of ours pass.",
        ]
    comment = language_named(rule.languages[0]).line_comment
    parts += [
        "## To silence it",
        "Where this is as it should be, say so on the line or on the line above; the reason is required:",
        f"```{language_named(rule.languages[0]).fences}\n"
        f"{comment} seawall: ignore[{rule.name}] why it is right here until=2027-01-31\n```",
        f'`until` is optional. For a whole repository: `rules_off = ["{rule.name}"]` in `.github/seawall.toml`.',
    ]
    return "\n\n".join(parts) + "\n"


def _examples(rule: Rule, language: Language) -> str:
    shown = [
        f"{label}:\n\n{_before(example, language)}```{language.fences}\n{example.code.strip()}\n```"
        for label, examples in (("Raises an alarm", rule.bad), ("Is fine", rule.good))
        for example in _of(examples, language.name)[:EXAMPLES_SHOWN]
    ]
    return "\n\n".join([f"### {language.title}", *shown])


def _before(example: Example, language: Language) -> str:
    return f"```{language.fences}\n{example.before.strip()}\n```\n\nbecomes\n\n" if example.before else ""


def _of(examples: Iterable[Example], language: str) -> Sequence[Example]:
    return [example for example in examples if example.language == language]


def _knowledge(rule: Rule, language: Language) -> str:
    rows = [row for section in rule.sections for row in getattr(catalogue(language.apis or language.name), section)]
    if not rows:
        return ""
    lines = [f"- {_said_of(row)}" for row in rows[:ROWS_SHOWN]]
    if len(rows) > ROWS_SHOWN:
        lines.append(f"- and {len(rows) - ROWS_SHOWN} more in `config/apis/{language.apis or language.name}.toml`")
    return f"### {language.title}\n\n" + "\n".join(lines)


def _said_of(row: Row) -> str:
    names = row.all_names
    text = f"`{names[0]}`" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
    if isinstance(row, Bounded):
        limits = (*row.keywords, *row.options, *row.chain, *row.setters)
        text += f": limited by {', '.join(f'`{limit}`' for limit in limits)}" if limits else ": carries no limit"
        if row.default_s is not None:
            text += f"; by default {row.default_s:g} s"
    return f"{text} ({row.source}, {row.version})"
