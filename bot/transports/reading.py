"""Reading a verified request's body: JSON or a form that a chat system sent, one field at a time."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.redaction import masked
from bot.transports.system import NotHeard

_FIELDS = 200
_TEXT = 200_000


def json_object(body: bytes | str) -> dict[str, Any]:
    """The JSON object in it. Raises NotHeard (400)."""
    try:
        values = json.loads(body if isinstance(body, str) else body.decode("utf-8"))
    except UnicodeDecodeError as odd:
        raise NotHeard(400, "The body is not UTF-8.") from odd
    except (ValueError, RecursionError) as broken:
        raise NotHeard(400, "The body is not JSON, or nested too deeply.") from broken
    if not isinstance(values, dict):
        raise NotHeard(400, "The body must be a JSON object.")
    return values


def form(body: bytes) -> dict[str, str]:
    """The fields of a form; of a name given twice the first counts. Raises NotHeard (400)."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError as broken:
        raise NotHeard(400, "The body is no form, or not UTF-8.") from broken
    return dict(reversed(pairs))


def text_at(values: Any, *path: str | int) -> str:
    """The text at that place; empty where there is none. Secrets are masked, what no database keeps is dropped."""
    for step in path:
        if isinstance(step, str) and isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(step, int) and isinstance(values, list) and len(values) > step:
            values = values[step]
        else:
            return ""
    if not isinstance(values, str):
        return ""
    return masked(values[:_TEXT].encode("utf-8", "replace").decode("utf-8").replace("\0", ""))


def name_at(values: Any, *path: str | int, limit: int = 200) -> str:
    """A short text on one line, such as an id or a person's name."""
    return " ".join(text_at(values, *path).split())[:limit]


def needed(value: str, name: str) -> str:
    """The value. Raises NotHeard (400) where it is empty."""
    if not value:
        raise NotHeard(400, f"`{name}` is missing.")
    return value


def identity(*parts: str) -> str:
    """A short name for what these parts name together."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def iso(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
