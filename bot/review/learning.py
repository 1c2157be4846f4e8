"""What the record teaches: how often a rule was right, with how much certainty, and when it had better be silent."""

import math
from dataclasses import dataclass

from bot.domain import RuleRecord, Severity

Z_95 = 1.959964
"""For a two-sided interval of 95 %."""
PRIOR_WEIGHT = 10
"""The organisation's record counts as at most so many judged comments, however long it is."""
LEAST_JUDGED = 5
"""With fewer judged comments of this repository's own, nothing is muted."""


@dataclass(frozen=True)
class Tally:
    """Comments of one rule (class, prompt, model), by what became of them."""

    posted: int = 0
    fixed: int = 0
    accepted: int = 0
    disputed: int = 0
    """Dismissed ones included."""
    ignored: int = 0

    @property
    def heeded(self) -> int:
        return self.fixed + self.accepted

    @property
    def judged(self) -> int:
        return self.heeded + self.disputed + self.ignored


def wilson(heeded: float, judged: float, z: float = Z_95) -> tuple[float, float]:
    """The score interval of E. B. Wilson (1927) for a share; (0, 1) where nothing was judged."""
    if judged <= 0:
        return 0.0, 1.0
    share = heeded / judged
    centre = share + z * z / (2 * judged)
    spread = z * math.sqrt(share * (1 - share) / judged + z * z / (4 * judged * judged))
    scale = 1 + z * z / judged
    # Rounding must not push the share itself out of its interval.
    return max(0.0, min(share, (centre - spread) / scale)), min(1.0, max(share, (centre + spread) / scale))


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
