"""A backtest as one page: no script, nothing loaded from anywhere, readable in light and dark."""

from collections.abc import Iterator
from html import escape

from bot.backtest import figures
from bot.backtest.formats import words
from bot.backtest.formats.style import STYLE
from bot.backtest.report import Backtest, Said
from bot.domain import Severity
from bot.redaction import masked
from bot.review.formats.visible import one_line, visible

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(report: Backtest) -> str:
    """Headline figures, bars by class, the ten findings with their code, the fixes."""
    title = f"Seawall, tried on {one_line(report.repository)}"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style></head><body><main>",
            *_body(report),
            "</main></body></html>",
            "",
        )
    )


def _body(report: Backtest) -> Iterator[str]:
    yield f"<h1>Seawall, tried on <code>{_text(report.repository)}</code></h1>"
    yield f'<p class="lead">{_text(figures.headline(report))}</p>'
    yield f'<p class="quiet">{_text(words.sources(report))}</p>'
    yield from (f'<p class="warning">{_text(warning)}</p>' for warning in words.warnings(report))
    yield _tiles(report)
    if report.said:
        yield "<h2>How often</h2>"
        yield _bars(figures.spread(report), "pull requests")
        yield "<h2>What about</h2>"
        yield from _classes(report)
        yield f"<h2>{_heading(report)}</h2>"
        for said in report.telling:
            yield from _finding(said)
    if report.looked_for_fixes:
        yield "<h2>What became of them</h2>"
        yield f"<p>{_text(words.fixes(report))}</p>"
        yield from _fixes(report)
    yield f'<footer><p>{_text(words.next_step(report))}</p><p class="quiet">{_text(words.basis(report))}</p></footer>'


def _heading(report: Backtest) -> str:
    return f"The {len(report.telling)} that tell most" if len(report.telling) > 1 else "The finding"


def _tiles(report: Backtest) -> str:
    heavy = sum(one.finding.severity.reaches(Severity.HIGH) for one in report.said)
    tiles = [
        (str(figures.comments(report).total()), f"comments on {len(report.commits)} {report.taken}"),
        (f"{figures.per_commit(report):.2f}", "comments a pull request"),
        (figures.percent(figures.quiet_share(report)), "of them without any"),
        (str(heavy), "findings high or critical"),
    ]
    if report.looked_for_fixes and report.said:
        fixed = len(figures.mended(report.said))
        tiles.append((figures.percent(fixed / len(report.said)), "fixed later by the team itself"))
    tiles.append((f"{report.took.cpu_s_per_commit * 1000:.0f} ms", "of processor time each"))
    cells = (f"<div><b>{_text(number)}</b><span>{_text(what)}</span></div>" for number, what in tiles)
    return f'<section class="tiles">{"".join(cells)}</section>'


def _classes(report: Backtest) -> Iterator[str]:
    yield _bars([(count.class_, count.findings) for count in report.classes], "findings")
    fixed = "<th>fixed</th>" if report.looked_for_fixes else ""
    heads = "<th>rule</th><th>severity</th><th>findings</th><th>commits</th>"
    yield f"<details><summary>Rule by rule</summary><table><tr>{heads}{fixed}</tr>"
    for count in report.classes:
        for rule in count.rules:
            last = f"<td>{rule.fixed}</td>" if report.looked_for_fixes else ""
            yield (
                f"<tr><td><code>{_text(rule.rule)}</code></td><td>{_severity(rule.severity)}</td>"
                f"<td>{rule.findings}</td><td>{rule.commits}</td>{last}</tr>"
            )
    yield "</table></details>"


def _bars(rows: list[tuple[str, int]], what: str) -> str:
    """Bars as inline SVG, the longest as wide as the column; each carries its number in words."""
    most = max(number for _, number in rows) or 1
    lines = []
    for name, number in rows:
        width = round(100 * number / most, 1) if number else 0
        said = f"{number} {what}"
        bar = (
            f'<svg role="img" aria-label="{_text(said)}" viewBox="0 0 100 10" preserveAspectRatio="none">'
            f'<rect width="{width}" height="10" rx="1"/></svg>'
        )
        lines.append(f"<tr><th>{_text(name)}</th><td>{bar}</td><td>{number}</td></tr>")
    return f'<table class="bars">{"".join(lines)}</table>'


def _finding(said: Said) -> Iterator[str]:
    finding = said.finding
    place = f"<code>{_text(finding.path)}:{finding.start_line}</code>"
    if said.url:
        place = f'<a href="{escape(said.url)}" rel="noreferrer">{place}</a>'
    yield "<article>"
    yield f"<h3>{_severity(finding.severity)} {_prose(finding.title)}</h3>"
    yield f'<p class="quiet">{place} · <code>{_text(finding.rule)}</code></p>'
    about = f"{_text(said.committed_at[:10])} {_text(said.title)}"
    yield f'<p class="quiet"><code>{_text(said.sha[:10])}</code> {about}</p>'
    yield _code(said)
    yield f"<p>{_prose(figures.point_of(finding))}</p>"
    if said.fix:
        by = f"<code>{_text(said.fix.sha[:10])}</code> {_text(said.fix.title)}"
        yield f'<p class="fixed">Fixed after {_text(figures.lasted(said.fix.days))} by {by}</p>'
    yield "</article>"


def _code(said: Said) -> str:
    """Each line with its number; those of the finding are marked, in colour and for who hears the page."""
    marked = range(said.finding.start_line, said.finding.end_line + 1)
    rows = []
    for number, line in enumerate(visible(masked(said.code)).split("\n"), said.code_start):
        shown = f"<i>{number:>5}</i> {escape(line.expandtabs(4))}"
        rows.append(f"<mark>{shown}</mark>" if number in marked else f"<span>{shown}</span>")
    return f"<pre>{''.join(rows)}</pre>"


def _fixes(report: Backtest) -> Iterator[str]:
    fixed = figures.mended(report.said)
    if not fixed:
        return
    yield "<table><tr><th>after</th><th>commit</th><th>finding</th></tr>"
    for said in fixed[: figures.FIXES_SHOWN]:
        assert said.fix is not None
        sha = f"<code>{_text(said.fix.sha[:10])}</code>"
        if said.fix.url:
            sha = f'<a href="{escape(said.fix.url)}" rel="noreferrer">{sha}</a>'
        place = f"{_text(said.finding.rule)}<br><code>{_text(said.finding.path)}:{said.finding.start_line}</code>"
        after = _text(figures.lasted(said.fix.days))
        yield f"<tr><td>{after}</td><td>{sha} {_text(said.fix.title)}</td><td>{place}</td></tr>"
    yield "</table>"
    if len(fixed) > figures.FIXES_SHOWN:
        yield f'<p class="quiet">… and {len(fixed) - figures.FIXES_SHOWN} more.</p>'


def _severity(severity: str) -> str:
    return f'<span class="severity {_text(severity)}">{_text(severity)}</span>'


def _text(words_of_others: str) -> str:
    """On one line, secrets masked, nothing that acts or hides."""
    return escape(one_line(masked(words_of_others)))


def _prose(markdown: str) -> str:
    """The same; what stands between backticks is code."""
    parts = _text(markdown).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
