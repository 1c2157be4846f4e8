"""What is kept of a payload: its JSON text, masked and bounded."""

import json
from typing import Any

from webhooks.payload import MAX_DEPTH, Payload
from webhooks.refusal import Malformed

MAX_BYTES = 65_536
_MAX_TEXT = 2_000


def kept_text(payload: Payload) -> str:
    """The text as received, or JSON of the masked payload. Over `MAX_BYTES`, long texts are cut; still over, only its
    plain top fields stay.
    """
    values = payload.values
    text = payload.received or _json(values)
    if len(text.encode()) > MAX_BYTES:
        text = _json(_cut(values))
    if len(text.encode()) > MAX_BYTES:
        plain = {name: _cut(value) for name, value in values.items() if not isinstance(value, (dict, list))}
        text = _json({"cut": "the payload was too large to keep", **dict(list(plain.items())[:20])})
    return text


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError as deep:
        raise Malformed("The JSON is nested too deeply.") from deep


def _cut(value: Any, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise Malformed("The JSON is nested too deeply.")
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        return value[:_MAX_TEXT] + "… (cut)"
    if isinstance(value, dict):
        return {name: _cut(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_cut(part, depth + 1) for part in value]
    return value
