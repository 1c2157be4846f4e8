"""Which remarks are those that were expected, which say the same again, and which nobody expected. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.domain import Finding
from bot.evals.case import Case, Expected, Place

NEAR = 3
"""Lines. A remark this far from the place may still mean it: a call and its loop, a lock and what it guards."""


class Matched(NamedTuple):
    """Indices of a case's expected remarks and of a review's findings."""

    found: dict[int, int]
    """Expected → the finding that says it. Each once on both sides."""
    again: tuple[int, ...]
    """Findings that say what another has said."""
    beyond: tuple[int, ...]
    """Findings that nobody expected."""


def match(case: Case, findings: Sequence[Finding]) -> Matched:
    """As many expected remarks as possible get a finding of their own, whatever the order of either."""
    expected = case.about.expected
    says = [
        [
            at
            for at, (one, places) in enumerate(zip(expected, case.places, strict=True))
            if says_it(finding, one, places)
        ]
        for finding in findings
    ]
    found: dict[int, int] = {}

    def give(finding: int, tried: set[int]) -> bool:
        """Augments along a path, as H. W. Kuhn (1955) does: who is in the way looks for another."""
        for index in says[finding]:
            if index not in tried:
                tried.add(index)
                if index not in found or give(found[index], tried):
                    found[index] = finding
                    return True
        return False

    for finding in range(len(findings)):
        give(finding, set())
    given = set(found.values())
    left = [finding for finding in range(len(findings)) if finding not in given]
    return Matched(
        found,
        again=tuple(finding for finding in left if says[finding]),
        beyond=tuple(finding for finding in left if not says[finding]),
    )


def says_it(finding: Finding, expected: Expected, places: Sequence[Place]) -> bool:
    """At or near one of the places, and either of a class that is accepted or in words that are."""
    if not any(_is_near(finding, place) for place in places):
        return False
    return finding.class_ in expected.classes or _mentions(f"{finding.title}\n{finding.body}", expected.mentions)


def _is_near(finding: Finding, place: Place) -> bool:
    return (
        finding.path == place.path
        and finding.start_line <= place.end_line + NEAR
        and place.start_line - NEAR <= finding.end_line
    )


def _mentions(words: str, patterns: Sequence[str]) -> bool:
    return bool(patterns) and all(re.search(pattern, words, re.IGNORECASE) for pattern in patterns)
