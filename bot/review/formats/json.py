"""JSON, exactly as config/schema/review.schema.json describes it."""

import json

from bot.domain import Review


def render(review: Review) -> str:
    """Keys in the schema's order, so that two results can be compared line by line."""
    return json.dumps(review.to_json(), indent=2, ensure_ascii=False) + "\n"
