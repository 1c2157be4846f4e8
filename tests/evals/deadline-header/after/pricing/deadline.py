"""How long whoever asks will still wait."""

import math

HEADER = "X-Deadline-Left"
LEAST_S = 0.02
MOST_S = 10.0
"""For callers that say nothing, and for those that say more."""


def time_left_s(told: str | None) -> float:
    """Seconds for all the work of a request, by its header. What is no number counts as not said."""
    if told is None:
        return MOST_S
    try:
        left_s = float(told)
    except ValueError:
        return MOST_S
    if not math.isfinite(left_s):
        return MOST_S
    return min(max(left_s, LEAST_S), MOST_S)
