"""A week as JSON, as `config/schema/weekly.schema.json` describes it: the facts, and the sentences told before them."""

import json
from typing import Any

from bot.redaction import masked
from bot.review.formats.visible import one_line
from bot.weekly.summary import Summary


def as_json(summary: Summary) -> str:
    """Texts as in the other formats: on one line, nothing in them unseen, no secret."""
    sentences = {"opening": summary.sentences.text, "opening_origin": summary.origin}
    facts = summary.facts.model_copy(update=sentences)
    return json.dumps(_clean(facts.to_json()), indent=2, ensure_ascii=False) + "\n"


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_clean(part) for part in value]
    return masked(one_line(value)) if isinstance(value, str) else value
