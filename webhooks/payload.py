"""A payload: JSON that nobody has vouched for, read one field at a time."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.redaction import masked, redact
from webhooks.refusal import Malformed

MAX_DEPTH = 40
"""GitHub's deepest payload has about ten levels."""
_HIDING_ESCAPE = re.compile(r"\\[u/\"]")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NAME = re.compile(r"[A-Za-z0-9_.\-\[\]]{1,100}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")


def parse(body: bytes) -> "Payload":
    """The JSON object in these bytes, its secrets masked. Raises Malformed, saying in one line what is wrong."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as odd:
        raise Malformed(f"The body is not UTF-8 (byte {odd.start}).") from odd
    try:
        values = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        if not isinstance(values, dict):
            raise Malformed("The body must be a JSON object.")
        if _is_safe_as_it_is(text):
            return Payload(values, received=text)
        return Payload(_safe(values))
    except RecursionError as deep:
        raise Malformed("The JSON is nested too deeply.") from deep
    except ValueError as broken:
        raise Malformed(f"The body is not JSON: {broken}.") from broken


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Malformed("The JSON names a key twice in one object.")
    return values


def _no_constant(name: str) -> Any:
    raise Malformed(f"{name} is no JSON value.")


def _is_safe_as_it_is(text: str) -> bool:
    """True if no secret stands in the JSON text, and none can hide behind an escape (nor a NUL or half a surrogate)."""
    return not _HIDING_ESCAPE.search(text) and not redact(text)[1]


def _safe(values: dict[str, Any]) -> dict[str, Any]:
    """The values masked, and without what no database keeps. Nearly every payload is safe as it came: one look at all
    its texts together is much cheaper than one at each.
    """
    texts: list[str] = []
    _gather(values, texts, 0)
    together = "\0".join(texts)
    if together.count("\0") == len(texts) - 1 and _is_utf8(together) and not redact(together)[1]:
        return values
    found: dict[str, Any] = _masked(values)
    return found


def _gather(value: Any, texts: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed("The JSON is nested too deeply.")
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict):
        texts.extend(value)
        for part in value.values():
            _gather(part, texts, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _gather(part, texts, depth + 1)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value.encode("utf-8", "replace").decode("utf-8").replace("\0", ""))  # half surrogates become ?
    if isinstance(value, dict):
        return {_masked(name): _masked(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(part) for part in value]
    return value


class Payload:
    """One object of the payload. Each reader raises Malformed, naming the field, when it is missing or misshapen."""

    def __init__(self, values: Mapping[str, Any], path: str = "", received: str = "") -> None:
        self.values = values
        self.received = received
        """The JSON text as it came, where it holds no secret; else empty."""
        self._path = path

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._misses(name, "a text")
        return value

    def text_or_empty(self, name: str) -> str:
        """The text; empty where GitHub says null or nothing."""
        return "" if self.values.get(name) is None else self.text(name)

    def number(self, name: str) -> int:
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            raise self._misses(name, "a positive whole number")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where GitHub says null or nothing."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._misses(name, "true or false")
        return bool(value)

    def sha(self, name: str) -> str:
        return self._shaped(name, _SHA, "a commit's id")

    def name(self, name: str) -> str:
        """An account's or a repository's name."""
        value = self._shaped(name, _NAME, "a name")
        if value in (".", ".."):
            raise self._misses(name, "a name")
        return value

    def time(self, name: str) -> str:
        """ISO 8601 with a zone, as it was sent."""
        return self._shaped(name, _TIME, "a time in ISO 8601")

    def part(self, name: str) -> "Payload":
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self._misses(name, "an object")
        return Payload(value, f"{self._path}{name}.")

    def part_or_none(self, name: str) -> "Payload | None":
        return None if self.values.get(name) is None else self.part(name)

    def parts(self, name: str) -> list["Payload"]:
        """A list of objects; empty where GitHub says null or nothing."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._misses(name, "a list of objects")
        return [Payload(item, f"{self._path}{name}[{index}].") for index, item in enumerate(value)]

    def _shaped(self, name: str, shape: re.Pattern[str], what: str) -> str:
        value = self.text(name)
        if not shape.fullmatch(value):
            raise self._misses(name, what)
        return value

    def _misses(self, name: str, what: str) -> Malformed:
        found = "is missing" if name not in self.values else f"is not {what}"
        return Malformed(f"`{self._path}{name}` {found}.")
