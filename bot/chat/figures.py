"""Figures with their definition, their unit and how many they are made of. Of repositories, never of people."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.chat.wording import one_of
from bot.domain.tally import wilson

INCOMPLETE = ("partial", "degraded", "none")


class Figure(NamedTuple):
    name: str
    value: str
    """With its unit."""
    n: str
    """How many it is made of, and of what."""
    definition: str


def figures(reviews: Sequence[Mapping[str, Any]], findings: Mapping[str, Any], cost: Mapping[str, Any]) -> list[Figure]:
    """From the rows of the named queries `stats-reviews`, `stats-findings` and `stats-cost`."""
    runs = sum(int(row["runs"]) for row in reviews)
    incomplete = sum(int(row["runs"]) for row in reviews if row["coverage"] in INCOMPLETE)
    clean = sum(int(row["runs"]) for row in reviews if row["result"] == "clean" and row["coverage"] not in INCOMPLETE)
    posted = int(findings["posted"])
    said, of_runs = f"{posted} said", one_of(runs, "run")
    return [
        Figure("Reviews", one_of(runs, "run"), of_runs, "runs that ended in a receipt, repetitions included"),
        Figure("Clean", _share(clean, runs), of_runs, "everything expected was read and nothing was found"),
        Figure("Incomplete", _share(incomplete, runs), of_runs, "coverage partial, degraded or none"),
        Figure("Findings said", one_of(posted, "finding"), said, "points first said in this time, inline or listed"),
        Figure("Fixed", _share(findings["fixed"], posted), said, "the code shows it"),
        Figure(
            "Accepted", _share(findings["accepted"], posted), said, "somebody agreed, the code does not show it yet"
        ),
        Figure("Disputed", _share(findings["disputed"], posted), said, "somebody objected, or dismissed it"),
        Figure("Ignored", _share(findings["ignored"], posted), said, "merged untouched"),
        Figure("Open", _share(findings["open"], posted), said, "nothing is known of it yet"),
        _heeded(findings),
        _cost(cost),
    ]


def _heeded(findings: Mapping[str, Any]) -> Figure:
    heeded = int(findings["fixed"]) + int(findings["accepted"])
    judged = heeded + int(findings["disputed"]) + int(findings["ignored"])
    low, high = wilson(heeded, judged)
    value = f"{_share(heeded, judged)}, 95 % interval {low:.0%} to {high:.0%}" if judged else "none judged yet"
    return Figure(
        "Heeded", value, f"{judged} judged", "fixed or accepted, of those fixed, accepted, disputed or ignored"
    )


def _cost(cost: Mapping[str, Any]) -> Figure:
    unpriced = f"; {cost['unpriced']} of unknown price, not counted" if cost["unpriced"] else ""
    definition = "what calls to the model cost by their tokens and the known prices"
    return Figure(
        "Model", f"US$ {float(cost['cost_usd']):.2f}", one_of(int(cost["calls"]), "call") + unpriced, definition
    )


def _share(part: Any, whole: int) -> str:
    return f"{int(part)} ({int(part) / whole:.0%})" if whole else "0"
