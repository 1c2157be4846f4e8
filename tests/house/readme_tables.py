"""The parts of README.md that are made from the code: run by `make readme`, checked by test_readme.py.

A part stands between `<!-- made: NAME -->` and `<!-- end -->`.
"""

import inspect
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import click
from click.testing import CliRunner
from sqlite_utils import Database

from bot.chat.commands import commands as chat_commands
from bot.chat.commands.help import FOR
from bot.cli import seawall
from bot.domain import Coverage, Receipt, Result, Severity
from bot.ledger import Ledger
from bot.review.receipt import conclusion_of
from bot.rules import all_rules
from bot.rules.left_out import left_out as kinds_left_out
from bot.settings import Mode, Policy
from bot.syntax import language_named
from webhooks.events import BEHAVIOURS

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PART = re.compile(
    r"(?P<open><!-- made: (?P<name>[a-z-]+) -->\n)(?P<body>(?:(?!<!-- made: ).)*?)(?P<close><!-- end -->)", re.DOTALL
)

_SETTING = re.compile(r"(?P<key>\w+) = (?P<default>.*?)\s+# (?P<remark>.+)")
_SAMPLE = ROOT / "bot/demo/sample"
_SHOWN_FILE, _SHOWN_FINDINGS = "payments/instalments.py", 2


def refreshed(text: str) -> str:
    """The README with every made part made anew. Raises KeyError for a part that nobody makes."""
    return PART.sub(lambda part: f"{part['open']}{PARTS[part['name']]()}\n{part['close']}", text)


def commands() -> str:
    """Every subcommand and what it is for."""
    context = click.Context(seawall, info_name="seawall")
    found = [(name, seawall.get_command(context, name)) for name in seawall.list_commands(context)]
    return _table(
        ("Command", "What it does"),
        [(f"`seawall {name}`", command.get_short_help_str(200)) for name, command in found if command],
    )


def conversation() -> str:
    """Every form of every command, whom it is for and one line that does it."""
    rows = []
    for command in chat_commands().values():
        shown = [use for use in command.uses if not use.in_thread]
        forms = "<br>".join(dict.fromkeys(f"`{use.form}`" for use in shown))
        for_whom = "<br>".join(dict.fromkeys(FOR[use.permission] for use in shown))
        model = " Needs a model." if any(use.needs_model for use in shown) else ""
        rows.append((forms, f"{command.summary}.{model}", for_whom, f"`{command.examples[0].text}`"))
    return _table(("Say", "What it does", "For", "For example"), rows)


def settings() -> str:
    """config/seawall.toml, group by group."""
    group, rows = "", []
    for line in (ROOT / "config/seawall.toml").read_text(encoding="utf-8").splitlines():
        if opening := re.match(r"\[(\w+)\]", line):
            group = f"{opening[1]}."
        elif setting := _SETTING.match(line):
            rows.append((group, f"`{group}{setting['key']}`", f"`{setting['default']}`", setting["remark"]))
    tables = [
        _table(("Setting", "Default", "What it is for"), [row[1:] for row in members])
        for _, members in groupby(rows, key=lambda row: row[0])
    ]
    return "\n\n".join(tables)


def rules() -> str:
    """Every rule, its severity, its languages and the first sentence of its page."""
    return _table(
        ("Rule", "Severity", "Languages", "What it finds"),
        [
            (
                f"`{rule.name}`",
                str(rule.severity),
                ", ".join(language_named(language).title for language in rule.languages),
                _first_sentence(type(rule).__doc__),
            )
            for rule in all_rules()
        ],
    )


def left_out() -> str:
    """Every kind of the taxonomy that no rule reports, with the reason, by the group of reasons."""
    told = {
        "said-by-another": "Another rule says it",
        "other-files-decide": "Other files decide",
        "intent-decides": "Intent decides",
    }
    return "\n\n".join(
        _table((told[group], "Why"), [(f"`{name}`", why) for name, why in kinds.items()])
        for group, kinds in kinds_left_out().items()
    )


def events() -> str:
    """Every webhook event that is handled, and the policy its file states."""
    return _table(
        ("Event", "What Seawall does"),
        [(f"`{event}`", _prose(behaviour.__doc__)) for event, behaviour in sorted(BEHAVIOURS.items())],
    )


def checks() -> str:
    """What the check concludes for each receipt, by mode."""
    policies = (Policy(), Policy(mode=Mode.GATE), Policy(mode=Mode.GATE, strict=True))
    worst: Mapping[str, Severity | None] = {
        "nothing found": None,
        "findings, all under `fail_on`": Severity.MEDIUM,
        "findings, one at or over `fail_on`": Severity.HIGH,
    }
    rows = []
    for coverages in ((Coverage.FULL, Coverage.RULES_ONLY), (Coverage.PARTIAL, Coverage.DEGRADED), (Coverage.NONE,)):
        for said, severity in worst.items() if coverages != (Coverage.NONE,) else (("not reviewed", None),):
            verdicts = {_verdicts(coverage, severity, policies) for coverage in coverages}
            assert len(verdicts) == 1, f"{coverages} differ: {verdicts}"
            rows.append((" or ".join(f"`{coverage}`" for coverage in coverages), said, *verdicts.pop()))
    heading = ("Coverage", "Result", '`mode = "comment"`', '`mode = "gate"`', "`gate` with `strict`")
    return _table(heading, rows)


def record() -> str:
    """The ledger's tables, in the words that the file itself holds."""
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "ledger.sqlite") as ledger:
        ledger.counts()
        database = Database(Path(folder) / "ledger.sqlite")
        rows = [
            (f"`{row['name']}`", row["description"]) for row in database.table("_about").rows_where(order_by="name")
        ]
        database.close()
    return _table(("Table", "What it holds"), rows)


def example() -> str:
    """What `seawall review` says of the sample, shortened to one file."""
    sides = ("--before", str(_SAMPLE / "base"), "--after", str(_SAMPLE / "head"))
    told = CliRunner().invoke(seawall, ["review", *sides, "--rules-only"], catch_exceptions=False).output
    head, *files = re.split(r"\n(?=\S+ ─{5,}\n)", told)
    shown = next(file for file in files if file.startswith(f"{_SHOWN_FILE} ─"))
    findings = re.split(r"\n(?= (?:CRITICAL|HIGH|MEDIUM|LOW)  )", shown)[: 1 + _SHOWN_FINDINGS]
    text = "\n".join([re.sub(r" · [\d.]+ s$", "", head.rstrip(), flags=re.MULTILINE), "", *findings])
    return f"```text\n{re.sub(r'[ ]+$', '', text, flags=re.MULTILINE).rstrip()}\n\n…\n```"


PARTS: Mapping[str, Callable[[], str]] = {
    "checks": checks,
    "commands": commands,
    "conversation": conversation,
    "events": events,
    "example": example,
    "left-out": left_out,
    "record": record,
    "rules": rules,
    "settings": settings,
}


def _verdicts(coverage: Coverage, worst: Severity | None, policies: Iterable[Policy]) -> tuple[str, ...]:
    receipt = Receipt(coverage=coverage, result=Result.FINDINGS if worst else Result.CLEAN)
    found = {"service.py": worst} if worst else {}
    return tuple(conclusion_of(receipt, found, policy) for policy in policies)


def _first_sentence(page: str | None) -> str:
    prose = inspect.cleandoc(page or "").split("\n\n")[0]
    lines = " ".join(line for line in prose.splitlines() if not line.startswith("#"))
    return lines.split(". ")[0].rstrip(".") + "."


def _prose(text: str | None) -> str:
    return " ".join((text or "").split())


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(encoding="utf-8")), encoding="utf-8")
