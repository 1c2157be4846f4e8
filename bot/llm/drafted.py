"""A rule as a model drafts it: the schema its answer must fit, and what is made of what really comes."""

from typing import Any

from pydantic import ValidationError

from bot.domain import DraftedRule, Severity
from bot.llm.answer import plain
from bot.llm.prompts import ReplyLimits
from bot.settings.taxonomy import taxonomy

MOST_EXAMPLES = 6
_LINES = ("name", "title", "class", "selector")


def rule_schema(limits: ReplyLimits, with_lengths: bool) -> dict[str, Any]:
    """JSON schema of one rule. OpenAI's strict mode refuses lengths; local grammars run on without them."""

    def text(at_most: int, about: str = "") -> dict[str, Any]:
        described = {"description": about} if about else {}
        return {"type": "string", **({"maxLength": at_most} if with_lengths else {}), **described}

    examples: dict[str, Any] = {"type": "array", "items": text(limits.quote_chars)}
    if with_lengths:
        examples["maxItems"] = MOST_EXAMPLES
    properties = {
        "text": text(limits.body_chars, "What the rule finds and what it cannot see; or why there can be none"),
        "looks_by": {"type": "string", "enum": ["pattern", "query"]},
        "looks_for": text(limits.quote_chars, "The pattern or the query; empty where there can be no rule"),
        "selector": text(100, "Of a pattern, mostly empty"),
        "name": text(60, "Words in small letters with hyphens between"),
        "title": text(80),
        "body": text(limits.body_chars),
        "fix": text(600),
        "class": {"type": "string", "enum": list(taxonomy())},
        "severity": {"type": "string", "enum": [severity.value for severity in Severity]},
        "bad": examples,
        "good": examples,
    }
    return {
        "title": "rule",
        "description": "A rule with the examples that prove it",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_rule(document: dict[str, Any], limits: ReplyLimits) -> DraftedRule | None:
    """The rule in an answer; None where it does not fit. An empty `looks_for` says that there can be none."""
    known = {field.alias or name for name, field in DraftedRule.model_fields.items()}
    values = {name: _plain(value) for name, value in document.items() if name in known}
    values |= {name: " ".join(str(values.get(name, "")).split()) for name in _LINES}
    if isinstance(severity := values.get("severity"), str):
        values["severity"] = severity.lower()
    for kind in ("bad", "good"):
        values[kind] = _examples(values.get(kind), limits.quote_chars)
    try:
        rule = DraftedRule.from_json(values)
    except ValidationError:
        return None
    return rule if len(rule.looks_for) <= limits.quote_chars else None


def _examples(value: Any, at_most: int) -> list[str]:
    if not isinstance(value, list):
        return []
    told = [one for one in value if isinstance(one, str) and one.strip() and len(one) <= at_most]
    return [one.strip("\n") for one in told[:MOST_EXAMPLES]]


def _plain(value: Any) -> Any:
    return [plain(one) for one in value] if isinstance(value, list) else plain(value)
