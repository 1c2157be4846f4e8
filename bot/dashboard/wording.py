"""How values look on a page: times in the organisation's zone, numbers, and marks that need no colour."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Undefined
from markupsafe import Markup, escape

from bot.redaction import SHORTEST_SECRET, masked

MARKS: Final = {
    # word → look, sign. The word itself always stands beside the sign.
    "full": ("good", "●"), "rules-only": ("calm", "◐"), "partial": ("warn", "◔"), "degraded": ("warn", "◔"),
    "none": ("bad", "○"), "clean": ("good", "✓"), "findings": ("warn", "!"),
    "fixed": ("good", "✓"), "accepted": ("good", "✓"), "disputed": ("bad", "✗"), "dismissed": ("bad", "✗"),
    "ignored": ("calm", "–"), "open": ("warn", "○"), "stale": ("calm", "–"), "held": ("calm", "·"),
    "critical": ("bad", "▲▲"), "high": ("bad", "▲"), "medium": ("warn", "◆"), "low": ("calm", "▽"),
    "answered": ("good", "✓"), "merged": ("good", "✓"), "closed": ("calm", "–"), "draft": ("calm", "◌"),
    "fired": ("good", "✓"), "missing": ("bad", "✗"), "unknown": ("calm", "?"), "ok": ("good", "✓"),
    "active": ("good", "✓"), "done": ("good", "✓"), "failed": ("bad", "✗"), "refused": ("warn", "!"),
    "breaker open": ("bad", "✗"), "breaker closed": ("good", "✓"), "silent": ("warn", "?"),
}  # fmt: skip
"""Names of states, coverage, results, fates and severities."""


def filters(zone: Callable[[], ZoneInfo], now: Callable[[], datetime]) -> dict[str, Callable[..., Any]]:
    """Jinja filters, by name."""

    def when(value: Any) -> Markup | str:
        """A moment as `<time>`: day and minute there, the exact one in its title."""
        moment = moment_of(value)
        if moment is None:
            return "–"
        exact, local = moment.astimezone(UTC), moment.astimezone(zone())
        told = f"{exact:%Y-%m-%d %H:%M:%S} UTC", f"{local:%Y-%m-%d %H:%M}"
        return Markup(f'<time datetime="{exact.isoformat(timespec="seconds")}" title="{told[0]}">{told[1]}</time>')  # noqa: S704 — digits

    def ago(value: Any) -> str:
        moment = moment_of(value)
        if moment is None:
            return "never"
        passed = (now() - moment).total_seconds()
        return f"{span(passed)} ago" if passed >= 1 else "just now"

    return {
        "when": when,
        "ago": ago,
        "span": span,
        "seconds": seconds,
        "text_of": _text_of,
        "short": lambda sha: str(sha or "")[:10],
        "mark": mark,
        "breakable": breakable,
        "said": said,
    }


def _text_of(value: Any, unit: str = "") -> str:
    from bot.weekly.saying import text_of  # with the first page: it brings the figures along

    return "–" if value is None or isinstance(value, Undefined) else text_of(float(value), unit)


def printable(value: Any, nothing: Any = "") -> Any:
    """Whatever a page prints or an export holds: secrets masked, and no character that turns or hides what stands
    beside it. `nothing` stands for what is not there."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        value = "".join(char if char.isprintable() or char in "\n\t" else "�" for char in value)
    if isinstance(value, str) and not isinstance(value, Markup):
        return masked(value) if len(value) >= SHORTEST_SECRET else value
    return nothing if value is None or isinstance(value, Undefined) else value


def all_printable(value: Any) -> Any:
    """The same of everything in lists and objects, as JSON has them."""
    if isinstance(value, dict):
        return {name: all_printable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [all_printable(part) for part in value]
    return printable(value, nothing=None)


_CODE: Final = re.compile(r"`([^`\n]+)`")
_MARKED: Final = re.compile(r"`(?P<code>[^`\n]+)`|\*\*(?=\S)(?P<strong>(?:[^*`\n]|`[^`\n]+`)+)(?<=\S)\*\*")
"""Code, whose stars mean nothing; or strong words, which may hold code."""


def span(seconds: float | None) -> str:
    """`8 s`, `12 min`, `4.2 h`, `3 days`."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"


def seconds(value: float) -> str:
    """`0.4 s`, `8.1 s`, `253 s`: so many that they can be compared down a column."""
    return f"{value:,.0f} s" if value >= 10 else f"{value:.1f} s"


def mark(word: Any) -> Markup:
    """The word with its sign, coloured; it reads the same without the colour."""
    text = str(word or "")
    if not text:
        return Markup("–")
    look, sign = MARKS.get(text, ("calm", ""))
    shown = f'<span class="sign" aria-hidden="true">{sign}</span> {escape(text)}' if sign else str(escape(text))
    return Markup(f'<span class="mark {look}">{shown}</span>')  # noqa: S704 — escaped here


def breakable(path: Any) -> Markup:
    """Text that may be broken after each slash and dot-less part, and nowhere else before a line is full."""
    return Markup("/<wbr>").join(str(printable(str(path or ""))).split("/"))


def said(text: Any) -> Markup:
    """What a finding says, its inline code and strong words shown as such. All else stays text."""
    return Markup(_MARKED.sub(_shown, str(escape(printable(str(text or ""))))))  # noqa: S704 — escaped here


def _shown(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return f"<code>{found['code']}</code>"
    strong = _CODE.sub(r"<code>\1</code>", found["strong"])
    return f"<strong>{strong}</strong>"


def moment_of(value: Any) -> datetime | None:
    """A time on record; None where there is none, or it is none."""
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
