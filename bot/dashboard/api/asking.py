"""What a program asks beside the address, checked: a wrong value is an answer of its own, never passed over."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.dashboard.desk import Desk
from bot.dashboard.reader import Sight
from bot.errors import UsageError

DAYS = 90


def sight(desk: Desk, given: Mapping[str, str]) -> Sight:
    """What the token may see, narrowed to `repository`. Raises NotFound."""
    return desk.whole_sight.only(given.get("repository", "").strip())


def since(desk: Desk, given: Mapping[str, str], days: int = DAYS) -> str:
    """A day. Raises UsageError."""
    if "since" not in given:
        return (desk.now().date() - timedelta(days=days)).isoformat()
    try:
        return date.fromisoformat(given["since"]).isoformat()
    except ValueError:
        raise UsageError("`since` is no day. Write one such as 2026-08-30.") from None


def limit(given: Mapping[str, str], schema: Mapping[str, Any]) -> int:
    """Raises UsageError."""
    text = given.get("limit", str(schema["default"]))
    if not (text.isascii() and text.isdigit() and schema["minimum"] <= int(text[:9]) <= schema["maximum"]):
        raise UsageError(f"`limit` is no number from {schema['minimum']} to {schema['maximum']}.")
    return int(text)


def unbound(desk: Desk, given: Mapping[str, str]) -> int:
    """1 where what belongs to no repository may be told too."""
    return int(desk.viewer.may_see(None) and not given.get("repository", "").strip())


def at(desk: Desk) -> str:
    return desk.now().isoformat(timespec="seconds")
