"""Numbers and lengths of time as people write them in five languages, read as far as they can be told."""

from bot.posture.sheet import Sheet
from bot.regex import regex

_NUMBER = r"(\d[\d_]*(?:\.\d+)?)"
_PLAIN = regex(rf"^\(?{_NUMBER}(?:[fFdDLlmM]|n)?\)?$")
_PRODUCT = regex(rf"^{_NUMBER}[lL]?(?:\s*\*\s*{_NUMBER}[lL]?)+$")
_PAIR = regex(rf"^\(\s*{_NUMBER}\s*,\s*{_NUMBER}\s*,?\)$")
_GO = regex(rf"^(?:time\.Duration\()?{_NUMBER}?\)?\s*\*?\s*time\.(\w+)(?:\s*\*\s*{_NUMBER})?$")
_OF = regex(
    rf"^(?:[\w.]*\.)?(?:of|from|From|Of)?(Seconds|Millis|Milliseconds|Minutes|Hours|Micros|seconds|minutes|timeout|Timeout"
    rf"|ClientTimeout|timedelta)\(\s*(?:(\w+)\s*[=:]\s*)?{_NUMBER}[fFdDLl]?\b"
)
_UNITS = {
    "nanosecond": 1e-9, "microsecond": 1e-6, "micros": 1e-6, "millisecond": 1e-3, "milliseconds": 1e-3, "millis": 1e-3,
    "second": 1.0, "seconds": 1.0, "minute": 60.0, "minutes": 60.0, "hour": 3600.0, "hours": 3600.0,
}  # fmt: skip
_MILLISECONDS = regex(r"(?:MS|Ms|_ms|Millis|Milliseconds|_millis|_milliseconds)$")
_SECONDS = regex(r"(?:Seconds|_seconds|_secs?|_s|Secs?)$")
_OBJECT = regex(
    rf"\b((?:read_|socket_|request_|response_)?timeout(?:_?[mM][sS])?|request|response|total|socket|readTimeout"
    rf"|(?:Default)?Timeout|requestTimeout)[\"']?\s*[:=]\s*{_NUMBER}"
)
_CONSTANT = regex(r"^(?:self\.|this\.|cls\.)?([A-Za-z_]\w*)$")
CUSTOM = {"javascript": "ms", "typescript": "ms", "java": "ms", "csharp": "ms", "kotlin": "ms"}
"""What a plain number means where the library's row does not say; seconds elsewhere."""


def seconds_of(text: str, sheet: Sheet, unit: str = "", name: str = "") -> float | None:
    """Seconds that an expression stands for; None where it cannot be told. `name`: the argument it was given as."""
    text = _resolved(" ".join(text.split()), sheet)
    if found := _GO.match(text):
        factor = _UNITS.get(found[2].lower())
        return None if factor is None else float(_plain(found[1] or "1")) * factor * float(_plain(found[3] or "1"))
    if pair := _PAIR.match(text):
        return float(_plain(pair[1])) + float(_plain(pair[2]))
    if found := _OF.search(text):
        word, keyword = found[1].lower(), found[2] or ""
        if keyword == "connect":
            return None
        return float(_plain(found[3])) * _UNITS.get(keyword, _UNITS.get(word, _factor("", "", sheet)))
    number = number_of(text, sheet)
    if number is None and (part := _OBJECT.search(text)):
        name, number = part[1], float(_plain(part[2]))
    return None if number is None else number * _factor(unit, name, sheet)


def number_of(text: str, sheet: Sheet) -> float | None:
    """The number that an expression stands for: a literal, a product of literals, or a constant of this file."""
    text = _resolved(" ".join(text.split()), sheet)
    if plain := _PLAIN.match(text):
        return float(_plain(plain[1]))
    if _PRODUCT.match(text):
        product = 1.0
        for factor in text.split("*"):
            product *= float(_plain(factor.strip().rstrip("lL")))
        return product
    return None


def seconds_text(seconds: float) -> str:
    """Such as `2 s`, `0.25 s` or `10 min`."""
    if seconds >= 120 and seconds % 60 == 0:
        return f"{seconds / 60:g} min"
    return f"{seconds:g} s"


def _factor(unit: str, name: str, sheet: Sheet) -> float:
    if not unit:
        named = "ms" if _MILLISECONDS.search(name) else "s" if _SECONDS.search(name) else ""
        unit = named or CUSTOM.get(sheet.language, "s")
    return 0.001 if unit == "ms" else 1.0


def _resolved(text: str, sheet: Sheet) -> str:
    """A constant's value, where its file gives the name just one."""
    name = _CONSTANT.match(text)
    return sheet.constants.get(name[1], text) if name else text


def _plain(digits: str) -> str:
    return digits.replace("_", "")
