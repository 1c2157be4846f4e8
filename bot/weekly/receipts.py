"""How much reviews read, and why it was less than all."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.domain import Coverage
from bot.domain.timeline import Row
from bot.weekly.facts import ReceiptReason, Receipts

MOST_REASONS: Final = 10
_PLACE: Final = re.compile(r"\S+ \(([^()]+)\)(?: and \d+ more)?")


def receipts_of(runs: Sequence[Row]) -> Receipts:
    """From rows of `reviews`. A run with several reasons counts under each."""
    counts = Counter(row["coverage"] for row in runs)
    reasons = Counter((row["coverage"], reason) for row in runs for reason in _reasons(row["reason"]))
    commonest = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:MOST_REASONS]
    return Receipts(
        runs=len(runs),
        by_coverage={coverage.value: counts[coverage.value] for coverage in Coverage},
        reasons=tuple(ReceiptReason(coverage=which, reason=why, runs=runs) for (which, why), runs in commonest),
    )


def _reasons(reason: str) -> set[str]:
    """Without the files' names: `not read: a.py (too large), b.go (too large)` is `not read: too large`."""
    return {_without_places(part) for part in reason.split("; ") if part}


def _without_places(part: str) -> str:
    what, _, places = part.partition(": ")
    if what == "not shown to the model":
        return what
    if found := sorted(set(_PLACE.findall(places))):
        return f"{what}: {', '.join(found)}"
    return re.sub(r"^\d+ (?=changed file)", "", part)
