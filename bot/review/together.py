"""One cause in several places of a file is one comment: what a rule says twice is told with the first. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.domain import Finding

MOST_EDITS = 3
"""Edits of one cause that stand in comments of their own."""
MOST_NAMED = 20
"""Places that one comment names; the rest is counted."""
Cause = tuple[Finding, Sequence[Finding]]
"""A point to be told, and those that are told with it, in reading order."""


def cause_of(finding: Finding) -> tuple[str, str, str] | None:
    """What points that are told together have in common; None for one that is always told alone: the model's."""
    return (finding.path, finding.rule, finding.side) if finding.source == "rule" else None


def told_together(findings: Iterable[Finding]) -> list[Cause]:
    """Each cause once, where its first point stands in the order given.

    Up to MOST_EDITS points with an edit are told alone, each one click in its place. Of more the first has its edit
    and names the others: a client without limits is one thing to say.
    """
    every = list(findings)
    edits = Counter(cause_of(one) for one in every if one.suggestion is not None)
    causes: list[tuple[Finding, list[Finding]]] = []
    first: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in every:
        cause = cause_of(finding)
        if finding.suggestion is not None and edits[cause] <= MOST_EDITS:
            cause = None
        if cause and cause in first:
            first[cause].append(finding)
            continue
        others: list[Finding] = []
        causes.append((finding, others))
        if cause:
            first[cause] = others
    return [(finding, sorted(others, key=lambda other: other.start_line)) for finding, others in causes]


def also_at(first: Finding, others: Sequence[Finding]) -> str:
    """Where else the cause stands, in Markdown. `others`: at least one; their titles are said where they differ."""
    if all(other.title == first.title for other in others):
        return f"The same stands at {lines_of(others)}."
    places = [f"line {other.start_line}: {other.title}" for other in others[:MOST_NAMED]]
    if (more := len(others) - MOST_NAMED) > 0:
        places.append(f"{more} more")
    return "\n".join(["Also in this file:", "", *(f"- {place}" for place in places)])


def lines_of(findings: Sequence[Finding]) -> str:
    """Such as "lines 4, 7 and 9". `findings`: at least one, in reading order."""
    numbers = [str(line) for line in dict.fromkeys(finding.start_line for finding in findings)]
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    if (more := len(numbers) - MOST_NAMED) > 0:
        numbers = [*numbers[:MOST_NAMED], f"{more} more"]
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"
