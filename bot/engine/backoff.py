"""Waits between tries."""

import random
from typing import NamedTuple


class Backoff(NamedTuple):
    """Doubling waits with a cap, half of each left to chance, and a last try."""

    first_s: float
    cap_s: float
    tries: int

    def wait_s(self, tries: int, dice: random.Random, asked_s: float | None = None) -> float:
        """Seconds to wait after that many tries (from 1). What the other side asked for is the least."""
        ceiling = min(self.cap_s, self.first_s * 2.0 ** (tries - 1))
        spread = ceiling * (0.5 + dice.random() / 2)
        return max(spread, (asked_s or 0.0) + dice.random() * min(ceiling, 5.0))

    def is_over(self, tries: int) -> bool:
        return tries >= self.tries
