"""What became of comments, counted, and how much a share of so many says."""

import math
from dataclasses import dataclass

Z_95 = 1.959964
"""For a two-sided interval of 95 %."""


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
