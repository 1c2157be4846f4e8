"""How often rules were right: the rows of the pages, with how sure that is."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.tally import wilson

Row = dict[str, Any]
COUNTS = ("said", "fixed", "accepted", "disputed", "ignored", "open")


def with_precision(row: Mapping[str, Any]) -> Row:
    """The row with `judged`, `precision` (a fraction, None where nothing was judged), and `low` and `high`: Wilson's
    interval, 95 %."""
    heeded = row["fixed"] + row["accepted"]
    judged = heeded + row["disputed"] + row["ignored"]
    low, high = wilson(heeded, judged)
    known = judged > 0
    return dict(row) | {
        "judged": judged,
        "precision": round(heeded / judged, 4) if known else None,
        "low": round(low, 4) if known else None,
        "high": round(high, 4) if known else None,
        "interval": f"{low:.0%} – {high:.0%}" if known else "",
    }


def total(rows: Iterable[Mapping[str, Any]]) -> Row:
    """All rules as one, as `with_precision` gives it."""
    counts = dict.fromkeys(COUNTS, 0)
    for row in rows:
        for name in COUNTS:
            counts[name] += row[name]
    return with_precision(counts)


def silent(names: Iterable[str], told: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Rules that said nothing, as rows: what never fired is on record too."""
    spoken = {row["rule"] for row in told}
    nothing = dict.fromkeys((*COUNTS, "repositories", "muted"), 0)
    return [with_precision({"rule": name, **nothing}) for name in sorted(names) if name not in spoken]
