"""JSON, exactly as config/schema/review.schema.json describes it."""

from collections.abc import Iterator

from bot.domain import Review
from bot.review.formats.long_list import filled
from bot.review.formats.shown import Shown


def render(review: Shown) -> Iterator[str]:
    """Keys in the schema's order, so that two results can be compared line by line."""
    frame = Review(
        receipt=review.receipt, posture=review.posture, refuted=review.refuted, held_back=review.held_back
    ).model_dump_json(indent=2, by_alias=True)
    findings = (finding.model_dump_json(indent=2, by_alias=True) for finding in review.findings)
    yield from filled(frame, "findings", 1, findings)
    yield "\n"
