"""A week as one page: for a browser, for print, and as the body of a mail.

Styles stand in the elements, since mail programs drop style sheets; the sheet in the head only adds the dark scheme and
the narrow screen. Nothing is fetched: charts are part of the page, or attachments of the mail.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Final

from bot.redaction import masked
from bot.review.formats.visible import one_line
from bot.transports.writing.inline import is_web_address
from bot.weekly.charts import HEIGHT, WIDTH, Chart, alt_text, chart_svg, charts_of
from bot.weekly.formats.sections import (
    CLASS_COLUMNS,
    COLUMNS,
    FigureRow,
    classes_told,
    definitions,
    incidents_told,
    more_stalled,
    notes,
    sections,
    stalled,
)
from bot.weekly.formats.sheet import SHEET, styled
from bot.weekly.summary import Summary

Image = Callable[[Chart], str]
"""Chart → the source of its image."""
_NUMBERS: Final = frozenset(range(1, 6))
_WIDTHS: Final = (28, 18, 27, 27)
"""Percent: the columns of all groups stand below each other."""


def inlined(chart: Chart) -> str:
    """The chart within the page: as SVG, in the scheme of the reader's system."""
    svg = chart_svg(chart.series, chart.kind, title=chart.title, name=chart.name)
    return f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"


def page(summary: Summary, image: Image = inlined) -> str:
    """The page. `image` gives each chart's source: `cid:flow` in a mail that has it attached; empty: no chart."""
    title = _text(summary.title)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="supported-color-schemes" content="light dark">',
            f"<title>{title}</title>\n<style>{SHEET}</style>\n</head>",
            f"<body {styled('body')}>\n<main {styled('main')}>\n<h1 {styled('h1')}>{title}</h1>",
            *_body(summary, image),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _body(summary: Summary, image: Image) -> Iterator[str]:
    facts = summary.facts
    yield f"<p {styled('lead')}>{'<br>'.join(map(_text, summary.sentences.text))}</p>"
    yield f"<p {styled('small')}>{_text(summary.origin)}</p>"
    for section in sections(facts):
        yield f"<h2 {styled('h2')}>{_text(section.title)}: {_text(section.question)}</h2>"
        rows = [_figure(row) for row in section.rows]
        yield _table(section.title, COLUMNS, rows, frozenset({1}), _WIDTHS, look="figures")
        yield from (f"<p {styled('small')}>{_text(remark)}</p>" for remark in section.remarks)
    pictures = [_picture(chart, source) for chart in charts_of(facts) if (source := image(chart))]
    if pictures:
        yield f"<h2 {styled('h2')}>The last twelve weeks</h2>"
        yield from pictures
    if facts.worth_doing:
        yield f"<h2 {styled('h2')}>Worth doing</h2>\n<ol {styled('list')}>"
        for one in facts.worth_doing:
            yield f"<li {styled('item')}><strong>{_link(one.title, one.url)}</strong><br>{_text(one.reason)}</li>"
        yield "</ol>"
    if waiting := stalled(facts):
        yield f"<h2 {styled('h2')}>Stale or blocked, the longest wait first</h2>"
        rows = [
            (f"{_link(one.where, one.url)} {_text(one.title)}", _text(one.turn), one.waited, _text(one.blocked_by))
            for one in waiting
        ]
        yield _table("Stale or blocked", ("Pull request", "Waits for", "Waited", "Blocked by"), rows)
        if more := more_stalled(facts):
            yield f"<p {styled('small')}>… and {more} more.</p>"
    if incidents := incidents_told(facts):
        yield f"<h2 {styled('h2')}>What broke</h2>\n<ul {styled('list')}>"
        yield from (f"<li {styled('item')}>{_link(title, url)}<br>{_text(when)}</li>" for when, title, url in incidents)
        yield "</ul>"
    yield from _appendix(summary)


def _appendix(summary: Summary) -> Iterator[str]:
    yield f"<h2 {styled('h2')}>Appendix</h2>\n<ul {styled('list')}>"
    yield from (f"<li {styled('small')}>{_text(note)}</li>" for note in notes(summary.facts))
    yield "</ul>"
    if classes := classes_told(summary.facts):
        yield f"<h3 {styled('h3')}>What was said, by class</h3>"
        yield _table("Classes", CLASS_COLUMNS, [tuple(map(_unbroken, row)) for row in classes], numbers=_NUMBERS)
    for group, figures in definitions(summary.facts):
        yield f"<h3 {styled('h3')}>{_text(group)}</h3>"
        yield f"<dl {styled('defined')}>"
        for one in figures:
            value = f"{_text(one.value)} ({_text(one.made_of)})"
            yield f"<dt {styled('term')}><strong>{_text(one.title)}</strong>: {value}</dt>"
            yield f"<dd {styled('meaning')}>{_text(one.definition)}</dd>"
        yield "</dl>"


def _figure(row: FigureRow) -> tuple[str, ...]:
    mood = {True: "better", False: "worse", None: "text"}[row.is_better]
    against = f"<span {styled(mood)}>{_text(row.against)}</span>" if row.against else ""
    return _text(row.title), f"<strong>{_text(row.value)}</strong>", _text(row.made_of), against


def _table(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: frozenset[int] = frozenset(),
    widths: Sequence[int] = (),
    look: str = "table",
) -> str:
    """Cells are HTML. It scrolls by itself where the screen is too narrow for it; one of the look `figures` does not
    need to: there a row becomes two lines."""
    head = "".join(
        f'<th scope="col" {styled("th-number" if at in numbers else "th")}>{_text(column)}</th>'
        for at, column in enumerate(columns)
    )
    lines = "\n".join(_row(row, numbers) for row in rows)
    wide = "".join(f'<col width="{width}%">' for width in widths)
    return (
        f'<div {styled("wide")} role="region" aria-label="{_text(name)}" tabindex="0"><table {styled(look)}>'
        f"{wide}<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>"
    )


def _unbroken(text: str) -> str:
    return _text(text).replace(" ", "&nbsp;")


def _row(cells: Sequence[str], numbers: frozenset[int]) -> str:
    styles = [styled("number" if at in numbers else "td") for at in range(len(cells))]
    rest = "".join(f"<td {style}>{cell}</td>" for style, cell in zip(styles[1:], cells[1:], strict=True))
    return f'<tr><th scope="row" {styled("row")}>{cells[0]}</th>{rest}</tr>'


def _picture(chart: Chart, source: str) -> str:
    alt = escape(alt_text(chart.title, chart.series), quote=True)
    return (f'<p {styled("picture")}><img src="{escape(source, quote=True)}" width="{WIDTH}" height="{HEIGHT}" '
            f'alt="{alt}" {styled("img")}></p>')  # fmt: skip


def _link(text: str, url: str) -> str:
    if not is_web_address(url):
        return _text(text)
    return f'<a href="{escape(url, quote=True)}" {styled("a")}>{_text(text)}</a>'


def _text(text: str) -> str:
    return escape(masked(one_line(text)), quote=True)
