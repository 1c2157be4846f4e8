"""A week as an answer in a chat system, before Slack, Teams or another dresses it."""

from collections.abc import Iterator
from typing import Final

from bot.domain import Facts, Part, Reply, Words
from bot.redaction import masked
from bot.review.filter import literal, on_one_line
from bot.transports.writing.inline import is_web_address
from bot.weekly.formats.sections import FigureRow, incidents_told, sections, stalled
from bot.weekly.summary import Summary
from bot.weekly.telling import shown

MOST_WAITING: Final = 5


def reply_of(summary: Summary) -> Reply:
    """For everybody in the channel."""
    return Reply(state="done", title=on_one_line(summary.title), parts=tuple(_parts(summary)), is_public=True)


def _parts(summary: Summary) -> Iterator[Part]:
    facts = summary.facts
    yield Words(text="\n".join([*map(_text, summary.sentences.text), f"_{_text(summary.origin)}_"]))
    for section in sections(facts):
        yield Words(text=f"**{section.title}: {section.question}**", begins=True)
        if known := tuple((_text(row.title), _figure(row)) for row in section.rows if row.is_known):
            yield Facts(rows=known)
        if unknown := [f"{_text(row.title)} ({_text(row.made_of)})" for row in section.rows if not row.is_known]:
            yield Words(text=f"Not told: {', '.join(unknown)}.")
        yield from (Words(text=_text(remark)) for remark in section.remarks)
    if facts.worth_doing:
        doing = [
            f"{at}. {_link(one.title, one.url)}: {_text(one.reason)}" for at, one in enumerate(facts.worth_doing, 1)
        ]
        yield Words(text="\n".join(["**Worth doing**", *doing]), begins=True)
    if waiting := stalled(facts)[:MOST_WAITING]:
        lines = [
            f"- {_link(one.where, one.url)} {_text(one.title)}: has waited {one.waited} for {one.turn}"
            f"{f', blocked by {_text(one.blocked_by)}' if one.blocked_by else ''}"
            for one in waiting
        ]
        more = len(facts.stale) - len(waiting)
        yield Words(
            text="\n".join(["**Stale or blocked**", *lines, *([f"… and {more} more."] if more else [])]), begins=True
        )
    if incidents := incidents_told(facts):
        lines = [f"- {_link(title, url)}: {_text(when)}" for when, title, url in incidents]
        yield Words(text="\n".join(["**What broke**", *lines]), begins=True)
    yield Words(text="\n".join(["**What the figures are**", *_definitions(summary)]), begins=True)


def _definitions(summary: Summary) -> Iterator[str]:
    """Of the figures above, and how they were compared; `seawall weekly` has all."""
    for group in summary.facts.groups:
        for figure in shown(group.name, group.figures):
            if figure.is_known:
                yield f"- *{_text(figure.title)}*: {_text(figure.definition)}"
    for note in summary.facts.notes:
        yield f"- {_text(note)}"


def _figure(row: FigureRow) -> str:
    """`**4.2 h**, median of 14, 2 missing; ▼ from 5.1 h, better`."""
    against = f"; {_text(row.against)}" if row.against else ""
    return f"**{_text(row.value)}**, {_text(row.made_of)}{against}"


def _link(title: str, url: str) -> str:
    target = url.replace("(", "%28").replace(")", "%29")
    return f"[{_text(title)}]({target})" if is_web_address(url) else f"**{_text(title)}**"


def _text(text: str) -> str:
    return literal(masked(on_one_line(text)))
