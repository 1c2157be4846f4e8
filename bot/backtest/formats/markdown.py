"""A backtest in Markdown, for an issue or a page of a wiki."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.backtest import figures
from bot.backtest.formats import words
from bot.backtest.report import Backtest, Said
from bot.review.filter import code, fenced, on_one_line, safe_code, safe_markdown

_SIGN = {"critical": "🟥", "high": "🟧", "medium": "🟨", "low": "⬜"}


def render(report: Backtest, own_host: str = "github.com") -> str:
    """Filtered as everything that is posted: commit messages and code are others' words."""
    return "\n\n".join(part for part in _parts(report, own_host) if part) + "\n"


def _parts(report: Backtest, own_host: str) -> Iterator[str]:
    yield f"## Seawall, tried on {code(report.repository)}"
    yield f"**{figures.headline(report)}**"
    yield _prose(f"{words.sources(report)} {words.times(report)}", own_host)
    yield "\n".join(f"- ⚠ {_prose(warning, own_host)}" for warning in words.warnings(report))
    if report.said:
        yield "### How often"
        spread = [f"| {name} | {number} |" for name, number in figures.spread(report)]
        yield "\n".join(["| Comments | Pull requests |", "| --- | ---: |", *spread])
        yield "### What about"
        yield _classes(report)
        yield f"### The {len(report.telling)} that tell most" if len(report.telling) > 1 else "### The finding"
        for said in report.telling:
            yield from _finding(said, own_host)
    if report.looked_for_fixes:
        yield "### What became of them"
        yield words.fixes(report)
        yield _fixes(report, own_host)
    yield "---"
    yield words.basis(report)
    yield words.next_step(report)


def _classes(report: Backtest) -> str:
    rows = ["| Rule | Severity | Findings | Commits | Fixed |", "| --- | --- | ---: | ---: | ---: |"]
    for count in report.classes:
        for rule in count.rules:
            fixed = str(rule.fixed) if report.looked_for_fixes else "—"
            rows.append(
                f"| {code(rule.rule)} | {_SIGN[rule.severity]} {rule.severity} "
                f"| {rule.findings} | {rule.commits} | {fixed} |"
            )
    return "\n".join(rows)


def _finding(said: Said, own_host: str) -> Iterator[str]:
    finding = said.finding
    yield f"#### {_SIGN[finding.severity]} {finding.severity} · {safe_markdown(finding.title, own_host)}"
    place = code(f"{finding.path}:{finding.start_line}")
    linked = f"[{place}]({said.url})" if said.url.startswith(f"https://{own_host}/") else place
    about = f"{code(said.sha[:10])} {said.committed_at[:10]} {_prose(said.title, own_host)}"
    yield f"{linked} · {code(finding.rule)} · {about}"
    yield fenced(safe_code(said.code), PurePosixPath(finding.path).suffix.removeprefix("."))
    yield safe_markdown(figures.point_of(finding), own_host)
    if said.fix:
        when = figures.lasted(said.fix.days)
        yield f"Fixed after {when} by {code(said.fix.sha[:10])} {_prose(said.fix.title, own_host)}"


def _fixes(report: Backtest, own_host: str) -> str:
    fixed = figures.mended(report.said)[: figures.FIXES_SHOWN]
    if not fixed:
        return ""
    rows = ["| After | Commit | Message | Finding |", "| --- | --- | --- | --- |"]
    for said in fixed:
        assert said.fix is not None
        place = code(f"{said.finding.path}:{said.finding.start_line}")
        message = _prose(said.fix.title, own_host)
        cells = (figures.lasted(said.fix.days), code(said.fix.sha[:10]), message, f"{code(said.finding.rule)} {place}")
        rows.append("| " + " | ".join(cell.replace("|", "¦") for cell in cells) + " |")
    return "\n".join(rows)


def _prose(text: str, own_host: str) -> str:
    """Words of others on one line: no mention, no address, nothing that opens a block."""
    return safe_markdown(on_one_line(text), own_host)
