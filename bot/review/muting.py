"""Rules that mute themselves: where the record says that nobody heeds them, they are silent until a person objects."""

from collections.abc import Iterable
from hashlib import sha256

from bot.domain import Repository, RuleRecord, Severity, Waiver
from bot.domain.tally import Tally
from bot.ledger import Ledger, RuleCounts
from bot.logs import logger
from bot.review.learning import record_of, should_mute
from bot.rules import all_rules

log = logger(__name__)


def mute_the_unheeded(ledger: Ledger, repository: Repository, rules: Iterable[str], floor: float, now: str) -> None:
    """Keeps a waiver, owned by `seawall`, for each rule whose record here lies surely under the floor.

    What was recorded before a person last unmuted the rule does not count. `now`: ISO 8601, UTC.
    """
    severities = {rule.name: rule.severity for rule in all_rules()}
    muted = {waiver.rule for waiver in ledger.waivers(repository.id, now) if waiver.kind == "muted"}
    elsewhere = {counts.name: _tally(counts) for counts in ledger.organisation_records(repository.id)}
    for rule in sorted(set(rules) - muted):
        since = ledger.unmuted_at(repository.id, rule)
        here = {counts.name: _tally(counts) for counts in ledger.rule_records(repository.id, since=since or None)}
        record = record_of(rule, here.get(rule, Tally()), elsewhere.get(rule))
        if should_mute(record, severities.get(rule, Severity.MEDIUM), floor):
            log.warning("a rule mutes itself", rule=rule, repository=repository.full_name, upper_bound=record.high)
            ledger.keep_waiver(_waiver(repository, record, floor, since, now))


def _waiver(repository: Repository, record: RuleRecord, floor: float, since: str, now: str) -> Waiver:
    heeded = record.fixed + record.accepted
    judged = heeded + record.disputed + record.ignored
    name = sha256(f"{repository.id}:{record.rule}:{since}".encode()).hexdigest()[:7]
    return Waiver(
        id=f"w-{name}",
        kind="muted",
        repository_id=repository.id,
        rule=record.rule,
        owner="seawall",
        reason=f"heeded {heeded} times of {judged}: surely under {record.high:.0%}, and the floor is {floor:.0%}",
        at=now,
    )


def _tally(counts: RuleCounts) -> Tally:
    return Tally(counts.posted, counts.fixed, counts.accepted, counts.disputed, counts.ignored)
