"""What the record teaches: how often a rule was right, with how much certainty, and when it had better be silent."""

from bot.domain import RuleRecord, Severity
from bot.domain.tally import Tally, wilson

PRIOR_WEIGHT = 10
"""The organisation's record counts as at most so many judged comments, however long it is."""
LEAST_JUDGED = 5
"""With fewer judged comments of this repository's own, nothing is muted."""


def record_of(rule: str, here: Tally, elsewhere: Tally | None = None) -> RuleRecord:
    """The record in one repository. `elsewhere`, the rest of the organisation, enters the interval as a prior."""
    weight = min(1.0, PRIOR_WEIGHT / elsewhere.judged) if elsewhere and elsewhere.judged else 0.0
    heeded, judged = float(here.heeded), float(here.judged)
    if elsewhere:
        heeded, judged = heeded + weight * elsewhere.heeded, judged + weight * elsewhere.judged
    low, high = wilson(heeded, judged)
    return RuleRecord(
        rule=rule,
        posted=here.posted,
        fixed=here.fixed,
        accepted=here.accepted,
        disputed=here.disputed,
        ignored=here.ignored,
        precision=here.heeded / here.judged if here.judged else None,
        low=low,
        high=high,
    )


def should_mute(record: RuleRecord, severity: Severity, floor: float) -> bool:
    """True where even the upper bound lies under the floor. Never for a critical rule, never on a handful of cases."""
    judged = record.fixed + record.accepted + record.disputed + record.ignored
    return severity is not Severity.CRITICAL and judged >= LEAST_JUDGED and record.high < floor
