"""The answer to a challenge: the schema it must fit, and what is made of what really comes."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.domain import Doubt, Severity
from bot.llm.answer import listed_items, plain, share
from bot.llm.prompts import ReplyLimits


@dataclass(frozen=True)
class Doubting:
    doubts: tuple[Doubt, ...] = ()
    malformed: int = 0


def doubts_schema(limits: ReplyLimits, with_lengths: bool) -> dict[str, Any]:
    """JSON schema of `{"doubts": […]}`. What refutes stands before what proves: models think as they write."""

    def text(at_most: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": at_most} if with_lengths else {"type": "string"}

    properties = {
        "number": {"type": "integer", "description": "Of the finding"},
        "why_not": text(limits.body_chars) | {"description": "The best the author could answer, from the code"},
        "failure": text(limits.body_chars) | {"description": "One concrete input or state, and the wrong outcome"},
        "path": text(limits.quote_chars),
        "quote": text(limits.quote_chars) | {"description": "Code of the head that proves it, copied exactly"},
        "stands": {"type": "boolean"},
        "severity": {"type": "string", "enum": [severity.value for severity in Severity]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    }
    item = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {
        "title": "doubts",
        "description": "What became of each finding",
        "type": "object",
        "properties": {"doubts": {"type": "array", "items": item, "maxItems": limits.most_findings}},
        "required": ["doubts"],
        "additionalProperties": False,
    }


def read_doubts(text: str, most: int) -> Doubting | None:
    """Doubts in the text, item by item; None where the text is no answer. Of two on one finding the first counts."""
    items = listed_items(text, "doubts")
    if items is None:
        return None
    doubts: dict[int, Doubt] = {}
    for doubt in map(_doubt, items[:most]):
        if doubt is not None:
            doubts.setdefault(doubt.number, doubt)
    return Doubting(tuple(doubts.values()), malformed=len(items) - len(doubts))


def _doubt(item: Any) -> Doubt | None:
    if not isinstance(item, dict):
        return None
    values = {name: plain(value) for name, value in item.items() if name in Doubt.model_fields}
    values["confidence"] = share(values.get("confidence", 0.5))
    if isinstance(severity := values.get("severity"), str):
        values["severity"] = severity.lower()
    try:
        return Doubt.from_json(values)
    except ValidationError:
        return None
