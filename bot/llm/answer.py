"""The answer of a model: the schema it must fit, and what is made of what really comes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.domain import Candidate, Severity
from bot.llm.fencing import legible
from bot.llm.prompts import ReplyLimits
from bot.settings.taxonomy import taxonomy

MOST_CHARS = 400_000
_SURROGATE = re.compile("[\ud800-\udfff]")
DECODER = json.JSONDecoder(strict=False)  # a tab or a line end inside a string is no reason to ask again


@dataclass(frozen=True)
class Reading:
    candidates: tuple[Candidate, ...] = ()
    malformed: int = 0
    is_readable: bool = True
    """False where the text is no answer at all, not even an empty one."""


def findings_schema(limits: ReplyLimits, with_lengths: bool) -> dict[str, Any]:
    """JSON schema of `{"findings": […]}`. OpenAI's strict mode refuses lengths; local grammars run on without them.

    Who takes no lengths reads the schema as part of the prompt, and pays for it: what the prompt says is left out.
    """

    def text(at_most: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": at_most} if with_lengths else {"type": "string"}

    replacement = text(2 * limits.quote_chars)
    line: dict[str, Any] = {"type": "integer"}
    share_of_one: dict[str, Any] = {"type": "number"}
    class_: dict[str, Any] = {"type": "string", "enum": list(taxonomy())}
    if with_lengths:
        line |= {"minimum": 1, "maximum": 1_000_000}
        share_of_one |= {"minimum": 0, "maximum": 1}
    elif limits.classes_are_told:
        class_ = {"type": "string"}
    properties = {
        "quote": text(limits.quote_chars),
        "path": text(limits.quote_chars),
        "start_line": line,
        "end_line": line,
        "class": class_,
        "kind": text(40),
        "severity": {"type": "string", "enum": [severity.value for severity in Severity]},
        "confidence": share_of_one,
        "title": text(80),
        "body": text(limits.body_chars),
        "replacement": {**replacement, "type": ["string", "null"]},
    }
    item = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "title": "findings",
        "description": "Defects that this change brings, if any",
        "type": "object",
        "properties": {"findings": {"type": "array", "items": item, "maxItems": limits.most_findings}},
        "required": ["findings"],
        "additionalProperties": False,
    }


def read_answer(text: str, most_findings: int) -> Reading:
    """Candidates in the text, item by item: what does not fit is counted, not believed, and takes nothing with it.

    Takes JSON, JSON inside prose or a code fence, and as much as is whole of an answer that was cut.
    """
    items = listed_items(text, "findings")
    return Reading(is_readable=False) if items is None else _read_items(items, most_findings)


def listed_items(text: str, name: str) -> list[Any] | None:
    """The items of `{name: […]}` in a model's text, or of a list alone; None where the text is no answer.

    Of a list that was cut, the torn item is given as None.
    """
    text = text[:MOST_CHARS]
    document = _document(text, name)
    if document is None:
        return _salvaged(text, name)
    items = document.get(name) if isinstance(document, dict) else document
    return items if isinstance(items, list) else None


def _document(text: str, name: str) -> Any:
    """The first JSON value that could be an answer; None where there is none."""
    past = 0
    for start in _starts(text, name):
        if start < past:
            continue  # part of an object that was no answer: a list in it answers something else
        try:
            document, past = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, list) or (isinstance(document, dict) and name in document):
            return document
    return None


def _starts(text: str, name: str) -> Iterator[int]:
    stripped = len(text) - len(text.lstrip())
    if text[stripped : stripped + 1] in ("{", "["):
        yield stripped
    for sign in (f'{{"{name}"', "{", "["):
        if (at := text.find(sign)) > stripped:
            yield at


def _salvaged(text: str, name: str) -> list[Any] | None:
    """The whole items of a list that was cut, and None for the torn one."""
    opening = re.search(rf'"{name}"\s*:\s*\[', text)
    if opening is None:
        return None
    items: list[Any] = []
    at = opening.end()
    while (begin := text.find("{", at)) >= 0:
        try:
            item, at = DECODER.raw_decode(text, begin)
        except (ValueError, RecursionError):
            break
        items.append(item)
    return [*items, None] if items else None


def _read_items(items: list[Any], most_findings: int) -> Reading:
    candidates = [candidate for candidate in map(_candidate, items[:most_findings]) if candidate is not None]
    return Reading(tuple(candidates), malformed=len(items) - len(candidates))


def _candidate(item: Any) -> Candidate | None:
    """Lenient where nothing hangs on it, strict on what a finding stands on."""
    if not isinstance(item, dict):
        return None
    known = {field.alias or name for name, field in Candidate.model_fields.items()}
    values = {name: plain(value) for name, value in item.items() if name in known}
    values.setdefault("end_line", values.get("start_line"))
    values["confidence"] = share(values.get("confidence", 0.5))
    values.setdefault("kind", "")
    if isinstance(severity := values.get("severity"), str):
        values["severity"] = severity.lower()
    try:
        return Candidate.from_json(values)
    except ValidationError:
        return None


def share(confidence: Any) -> Any:
    """Between 0 and 1, also where a model says 9 (of ten) or 90 (of a hundred): few grammars can bound a number."""
    if isinstance(confidence, int | float) and 1 < confidence <= 100:
        return confidence / (10 if confidence <= 10 else 100)
    return confidence


def plain(value: Any) -> Any:
    """Half characters and control characters break databases further down."""
    return legible(_SURROGATE.sub("\ufffd", value)) if isinstance(value, str) else value
