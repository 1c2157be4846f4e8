"""`record`: how often each rule, class, prompt or model was right, and how certain that is."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import listing
from bot.domain import Answer, RuleRecord, Table
from bot.domain.tally import Tally
from bot.ledger import By, RuleCounts
from bot.review.filter import code
from bot.review.learning import PRIOR_WEIGHT, record_of

_BY: dict[str, tuple[By, str]] = {
    "classes": ("class", "Class"),
    "prompts": ("prompt_version", "Prompt version"),
    "models": ("model", "Model"),
}
_MEANINGS = (
    ("Said", "findings said, inline or listed"),
    ("Heeded", "fixed or accepted, of those judged: fixed, accepted, disputed or ignored"),
    (
        "Surely between",
        "Wilson's interval, 95 %; what other repositories of the owner saw counts as at most "
        f"{PRIOR_WEIGHT} cases. A rule whose upper end is under `mute_below` mutes itself here, never a critical one",
    ),
)


class Record(Command):
    name = "record"
    topic = "a repository"
    summary = "Shows how often each rule, class, prompt or model was heeded, and how certain that is"
    uses = (
        Use("record [<owner/repo>]"),
        *(Use(f"record {name} [<owner/repo>]") for name in _BY),
    )
    aliases: ClassVar = {"precision": "record", "track record": "record"}
    examples = (
        Example("record", "acme/shop, the record of each rule"),
        Example("record classes", "acme/shop, the record of each class"),
        Example("record models", "acme/shop, the record of each model"),
    )

    def run(self, asked: Asked) -> Answer:
        by, column = next((_BY[name] for name in _BY if name in asked), ("rule", "Rule"))
        ledger, here = asked.desk.ledger, asked.repository.id
        elsewhere = {counts.name: _tally(counts) for counts in ledger.organisation_records(here, by)}
        records = [
            record_of(counts.name, _tally(counts), elsewhere.get(counts.name))
            for counts in ledger.rule_records(here, by)
        ]
        title = f"{asked.repository.full_name}, the record of each {column.lower()}"
        if not records:
            return said(title, "Nothing was said here yet.")
        table = Table(
            columns=(column, "Said", "Fixed", "Accepted", "Disputed", "Ignored", "Heeded", "Surely between"),
            rows=tuple(_row(record) for record in sorted(records, key=_weight)),
        )
        return said(title, table, listing(f"*{name}*: {meaning}" for name, meaning in _MEANINGS))


def _weight(record: RuleRecord) -> tuple[int, str]:
    return -record.posted, record.rule


def _row(record: RuleRecord) -> tuple[str, ...]:
    counts = (record.posted, record.fixed, record.accepted, record.disputed, record.ignored)
    heeded = "nothing judged" if record.precision is None else f"{record.precision:.0%}"
    return (code(record.rule), *map(str, counts), heeded, f"{record.low:.0%} to {record.high:.0%}")


def _tally(counts: RuleCounts) -> Tally:
    return Tally(counts.posted, counts.fixed, counts.accepted, counts.disputed, counts.ignored)
