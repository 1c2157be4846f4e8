"""One cause in several places of a file is one comment: what a rule says twice is told with the first. Pure."""

from collections.abc import Iterable, Sequence

from bot.domain import Finding

MOST_NAMED = 20
"""Places that one comment names; the rest is counted."""
Cause = tuple[Finding, Sequence[Finding]]
"""A point to be told, and those that are told with it, in reading order."""


def cause_of(finding: Finding) -> tuple[str, str, str] | None:
    """What points that are told together have in common; None for one that is told alone.

    A point with an edit of its own is: it is one click in its place.
    """
    if finding.source != "rule" or finding.suggestion is not None:
        return None
    return finding.path, finding.rule, finding.side


def told_together(findings: Iterable[Finding]) -> list[Cause]:
    """Each cause once, where its first point stands in the order given."""
    causes: list[tuple[Finding, list[Finding]]] = []
    first: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        cause = cause_of(finding)
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
