"""A posture map in Markdown: one table."""

import re
from collections.abc import Iterable

from bot.domain.posture import PostureMap, Protection, State
from bot.posture.formats.counting import HEADINGS, in_order, summary
from bot.redaction import masked

_SIGNS = {State.YES: "✓", State.NO: "✗", State.UNKNOWN: "?"}


def map_markdown(posture: PostureMap) -> str:
    """Heading, summary and table. Names and paths stand in code spans, so that nothing in them is markup."""
    title = f"# Posture of {span(posture.service)}" if posture.service else "# Posture"
    lines = [title, "", f"{summary(posture)}.", ""]
    if posture.dependencies:
        lines += row(["Dependency", "Kind", "Called at", *HEADINGS.values()])
        lines += row(["---"] * (3 + len(HEADINGS)))
        for one in in_order(posture):
            places = "<br>".join(span(site.place) for site in one.sites[:5])
            places += f"<br>and {len(one.sites) - 5} more" if len(one.sites) > 5 else ""
            lines += row([span(one.name), one.words, places, *(cell(p) for p in one.protections.by_name().values())])
        lines += ["", "✓ there, ✗ not there, ? cannot be told from the code."]
    lines += [f"- Not surveyed: {span(reason)}" for reason in posture.unread]
    return "\n".join(lines) + "\n"


def cell(protection: Protection) -> str:
    if not protection.is_there or protection.text == "yes":
        return _SIGNS[protection.state]
    is_plain = re.fullmatch(r"[\w ,.()×]+", protection.text) is not None
    return f"{_SIGNS[protection.state]} {protection.text if is_plain else span(protection.text)}"


def span(text: str) -> str:
    """A code span that nothing in the text can end, fit for a table."""
    plain = masked("".join(char if char.isprintable() else "�" for char in text)).replace("`", "ˋ").replace("|", "¦")
    return f"`{plain}`" if plain else ""


def row(cells: Iterable[str]) -> list[str]:
    return [f"| {' | '.join(cells)} |"]
