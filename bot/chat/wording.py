"""How commands speak of things: times, spans, findings, and what others wrote."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.chat.asked import Asked
from bot.chat.command import Declined
from bot.domain import Point
from bot.review.filter import code

_SPAN = re.compile(r"(\d{1,3}) ?([hdw])", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 168}
_LONGEST = timedelta(days=366)


def span_of(text: str) -> timedelta:
    """`36h`, `7d`, `2 weeks`. Raises Declined for nothing, and for more than a year."""
    found = _SPAN.match(text)
    span = timedelta(hours=int(found[1]) * _HOURS[found[2].lower()]) if found else timedelta()
    if not timedelta() < span <= _LONGEST:
        raise Declined(f"“{text}” is no time that can be used", "Say `24h`, `7d` or `2w`.", state="misunderstood")
    return span


def moment(at: str) -> str:
    """`2026-11-22 05:08 UTC`; the text itself where it is a day alone, or no time."""
    if len(at) == len("2026-11-22"):
        return at
    try:
        return f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return at


def times_said(text: str) -> str:
    """A sentence that holds ISO times, with them as people read them."""
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)", lambda found: moment(found[0]), text)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def quote(text: str, most: int = 300) -> str:
    """What somebody else wrote, on one line, unable to close or open a code span."""
    line = " ".join(text.split()).replace("`", "'")
    return line if len(line) <= most else line[: most - 1] + "…"


def place_of(point: Point) -> str:
    """`src/pay.py:12`, as code."""
    return code(f"{point.finding.path}:{point.finding.start_line}")


def one_of(count: int, one: str, many: str = "") -> str:
    """`1 finding`, `3 findings`."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def so_many(count: int, one: str, many: str) -> str:
    """`No findings are`, `1 finding is`, `3 findings are`: at the beginning of a sentence."""
    return one_of(count, one, many) if count else f"No {many}"


def listing(lines: Iterable[str], most: int = 20) -> str:
    """A Markdown list; what is over `most` is counted."""
    every = list(lines)
    shown = [f"- {line}" for line in every[:most]]
    if len(every) > most:
        shown.append(f"- and {len(every) - most} more")
    return "\n".join(shown)


def typed(asked: Asked, text: str) -> str:
    """A command as it is typed where this one came from, as code."""
    prefix = {"github": "/seawall ", "slack": "/seawall ", "teams": "@Seawall "}.get(asked.given.place.transport, "")
    return code(f"{prefix}{text}")
