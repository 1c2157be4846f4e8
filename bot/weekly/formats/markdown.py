"""A week as Markdown, such as for an issue on GitHub: nothing in it mentions anybody or acts."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.redaction import masked
from bot.review.filter import on_one_line
from bot.transports.markdown import written
from bot.transports.writing.inline import Run, is_web_address
from bot.weekly.formats.sections import (
    CLASS_COLUMNS,
    COLUMNS,
    classes_told,
    definitions,
    incidents_told,
    more_stalled,
    notes,
    sections,
    stalled,
)
from bot.weekly.summary import Summary

LIMIT: Final = 60_000
"""Under GitHub's 65,536 characters."""
_CUT: Final = "_The rest of the appendix is left out here; `seawall weekly --format markdown` has it._"
_CLOSED: Final = "</details>"
_NO_BREAK: Final = "\u00a0"


def render(summary: Summary, limit: int = LIMIT) -> str:
    """The whole page; where that would be longer than `limit`, without the end of the appendix, saying so."""
    kept, spare = list[str](), limit - len(_CUT) - len(_CLOSED) - 10
    for block in _blocks(summary):
        spare -= len(block) + 2
        if spare < 0:
            kept += [_CUT] + [_CLOSED] * any(block.startswith("<details>") for block in kept)
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def _blocks(summary: Summary) -> Iterator[str]:
    facts = summary.facts
    yield f"## {_inert(summary.title)}"
    yield "\n".join(f"{_inert(sentence)}  " for sentence in summary.sentences.text).rstrip()
    yield f"<sub>{_inert(summary.origin)}</sub>"
    for section in sections(facts):
        yield f"### {section.title}: {section.question}"
        trends = any(row.trend for row in section.rows)
        head = (*COLUMNS, "12 weeks") if trends else COLUMNS
        yield _table(
            head,
            [
                (_inert(row.title), f"**{_inert(row.value)}**", _inert(row.made_of), _inert(row.against),
                 *((_trend(row.trend),) if trends else ()))
                for row in section.rows
            ],
            to_the_right=(1,),
        )  # fmt: skip
        yield from map(_inert, section.remarks)
    if facts.worth_doing:
        yield "### Worth doing"
        doing = [(one.title, one.reason, one.url) for one in facts.worth_doing]
        yield "\n".join(
            f"{at}. **{_linked(title, url)}**  \n   {_inert(why)}" for at, (title, why, url) in enumerate(doing, 1)
        )
    if waiting := stalled(facts):
        yield "### Stale or blocked, the longest wait first"
        yield _table(
            ("Pull request", "Waits for", "Waited", "Blocked by"),
            [
                (f"{_linked(one.where, one.url)} {_inert(one.title)}", one.turn, one.waited, _inert(one.blocked_by))
                for one in waiting
            ],
        )
        if more := more_stalled(facts):
            yield f"… and {more} more."
    if incidents := incidents_told(facts):
        yield "### What broke"
        yield "\n".join(f"- {_linked(title, url)}: {_inert(when)}" for when, title, url in incidents)
    yield from _appendix(summary)


def _appendix(summary: Summary) -> Iterator[str]:
    yield "<details><summary>Appendix: classes, every figure with its definition, how to read it</summary>"
    if classes := classes_told(summary.facts):
        yield _table(CLASS_COLUMNS, [tuple(map(_inert, row)) for row in classes], to_the_right=tuple(range(1, 6)))
    yield "\n".join(f"- {_inert(note)}" for note in notes(summary.facts))
    for group, figures in definitions(summary.facts):
        rows = [tuple(map(_inert, (one.title, one.value, one.made_of, one.definition))) for one in figures]
        yield f"**{group}**"
        yield _table(("Figure", "This week", "Made of", "What it is"), rows, to_the_right=(1,))
    yield _CLOSED


def _trend(signs: str) -> str:
    """On one line, however narrow the column: where no sign stands, no line may break either."""
    return f"`{signs.replace(' ', _NO_BREAK)}`" if signs.strip() else ""


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], to_the_right: Sequence[int] = ()) -> str:
    rule = ["---:" if at in to_the_right else "---" for at in range(len(columns))]
    lines = [columns, rule, *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)


def _linked(text: str, url: str) -> str:
    if not is_web_address(url):
        return _inert(text)
    return written([Run(_plain(text), url=url.replace("(", "%28").replace(")", "%29"))])


def _inert(text: str) -> str:
    return written([Run(_plain(text))])


def _plain(text: str) -> str:
    return masked(on_one_line(text))
