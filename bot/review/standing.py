"""The points of a pull request as they stand now: nobody has to wait for a sweep or a push to be heeded."""

from collections.abc import Mapping, Sequence

from bot.domain import Evidence, Point
from bot.ledger import Ledger
from bot.review.outcomes import state_of

_BY_PEOPLE = ("accepted", "disputed", "dismissed")
"""What the code shows is left to the reviews: a run that was cut short finds it again."""


def points_now(ledger: Ledger, repository_id: int, number: int) -> list[Point]:
    """As the last review left them, with what people have said of them since."""
    return as_people_left_them(ledger.points(repository_id, number), ledger.evidence(repository_id, number))


def as_people_left_them(points: Sequence[Point], seen: Mapping[str, Sequence[Evidence]]) -> list[Point]:
    """`seen`: the evidence, by fingerprint."""
    return [_as_said(point, state_of(seen.get(point.fingerprint, ()))) for point in points]


def _as_said(point: Point, state: str) -> Point:
    return point.model_copy(update={"state": state}) if state in _BY_PEOPLE else point
