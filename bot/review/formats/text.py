"""A review for the terminal."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from bot.domain import Coverage, Finding, Receipt, Severity
from bot.posture import change_lines
from bot.redaction import masked
from bot.review.formats import code
from bot.review.formats.shown import Shown
from bot.review.formats.visible import one_line, visible
from bot.review.rank import in_order
from bot.review.receipt import counted, doubt_told, severities

_WIDEST = 110
"""Columns; longer lines of prose are hard to read."""
_UNREAD_SHOWN = 10
_SEVERITY = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}
_THEME = Theme(
    {"markdown.code": "cyan", "markdown.code_block": "cyan", "markdown.item.bullet": "dim", "markdown.h2": "bold"}
)
_POSTURE_SIGNS = {"+": ("+", "bold green"), "−": ("−", "bold red")}
_BY = {
    Coverage.FULL: "read by rules and by {model}",
    Coverage.RULES_ONLY: "read by rules only, no model asked",
    Coverage.PARTIAL: "not everything was read",
    Coverage.DEGRADED: "a part of the review was not available",
    Coverage.NONE: "nothing was reviewed",
}


def render(
    review: Shown,
    read: Callable[[str], str | None],
    *,
    is_terminal: bool = False,
    width: int | None = None,
    is_verbose: bool = False,
) -> Iterator[str]:
    """The receipt's line, the findings by file with their code, what was not read, and what to do next.

    Without a terminal there is no colour; every colour has its word or sign beside it. `read`: path → head text.
    `is_verbose`: also what doubt refuted, and what was held back.
    """
    console = _console(is_terminal, width)
    console.print(_headline(review, console.width))
    yield _taken(console)
    for path, findings in groupby(in_order(review.findings), key=lambda finding: finding.path):
        console.print(Rule(Text(one_line(path), style="bold"), align="left", style="dim"), Text())
        text = read(path)
        for number, finding in enumerate(findings):
            if number:
                console.print()
            console.print(_finding(finding, text, console))
        yield _taken(console)
    console.print(Rule(style="dim"))
    console.print(_ending(review, is_verbose))
    yield _taken(console)


def _taken(console: Console) -> str:
    """The whole lines that were printed since the last time, without spaces at their ends."""
    file = console.file
    assert isinstance(file, io.StringIO)
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _console(is_terminal: bool, width: int | None) -> Console:
    if not is_terminal:
        return Console(file=io.StringIO(), width=width or 100, color_system=None, force_terminal=False, theme=_THEME)
    wide = width or min(Console().width, _WIDEST)
    return Console(file=io.StringIO(), width=wide, force_terminal=True, theme=_THEME, legacy_windows=False)


def _headline(review: Shown, width: int) -> RenderableType:
    """How it went, and how much was looked at."""
    receipt = review.receipt
    line = Text()
    line.append(*_sign(review))
    line.append(f" {_outcome(review)}", style="bold")
    facts = [_files(len(receipt.files.reviewed)), _by(receipt)]
    if receipt.base_sha or receipt.head_sha:
        facts.append(f"{_short(receipt.base_sha) or 'nothing'} → {_short(receipt.head_sha)}")
    facts.append(f"{receipt.duration_s:.1f} s")
    if receipt.model:
        cost = "cost unknown" if receipt.cost_usd is None else f"${receipt.cost_usd:.4f}"
        facts.append(f"{receipt.tokens.input_tokens:,} + {receipt.tokens.output_tokens:,} tokens, {cost}")
    coverage = Text.assemble("  coverage ", (receipt.coverage.value, _coverage_style(receipt)), "   result ")
    coverage.append(receipt.result.value, style="bold")
    return Group(line, coverage, *(Text(row, style="dim") for row in _packed(facts, width)), Text())


def _packed(facts: Iterable[str], width: int) -> list[str]:
    """Lines of whole facts."""
    rows = [""]
    for fact in facts:
        if rows[-1] and len(rows[-1]) + len(fact) + 3 > width:
            rows.append("")
        rows[-1] += f" · {fact}" if rows[-1] else f"  {fact}"
    return rows


def _sign(review: Shown) -> tuple[str, str]:
    if review.receipt.coverage is Coverage.NONE:
        return "✗", "bold red"
    if review.findings:
        return "●", "bold red" if any(f.severity.reaches(Severity.HIGH) for f in review.findings) else "bold yellow"
    return ("✓", "bold green") if _is_whole(review.receipt) else ("!", "bold yellow")


def _outcome(review: Shown) -> str:
    if review.receipt.coverage is Coverage.NONE:
        return "Not reviewed"
    if not review.findings:
        return "Nothing found" if _is_whole(review.receipt) else "Nothing found in what was read"
    count = len(review.findings)
    return f"{count} {'finding' if count == 1 else 'findings'}: {severities(review.findings)}"


def _finding(finding: Finding, text: str | None, console: Console) -> RenderableType:
    lines = f"line {finding.start_line}"
    if finding.end_line != finding.start_line:
        lines = f"lines {finding.start_line}–{finding.end_line}"
    if finding.side == "LEFT":
        lines += " (removed)"
    title = Table.grid(padding=(0, 1), expand=True)
    title.add_column(no_wrap=True)
    title.add_column(ratio=1)
    title.add_column(no_wrap=True, justify="right")
    word = Text(f" {finding.severity.value.upper()} ", style=_SEVERITY[finding.severity])
    title.add_row(word, _title(finding), Text(lines, style="dim"))
    about = [finding.rule, finding.scope, f"{finding.source}, confidence {finding.confidence:.0%}"]
    blocks: list[RenderableType] = [
        title,
        Padding(Text(" · ".join(one_line(part) for part in about if part), style="dim"), (0, 1)),
        Text(),
        code.quoted(finding, text, console),
        Text(),
        Padding(Markdown(visible(masked(finding.body)), code_theme="ansi_dark", hyperlinks=False), (0, 2)),
        Text(),
    ]
    if finding.suggestion:
        blocks += [Padding(Text("Suggested", style="bold"), (0, 2)), code.edit(finding, text), Text()]
    return Group(*blocks)


def _title(finding: Finding) -> Text:
    """Bold, with code in it told apart by colour instead of backticks."""
    title = Text(style="bold")
    for number, part in enumerate(one_line(masked(finding.title)).split("`")):
        title.append(part, style="cyan" if number % 2 else "")
    return title


def _ending(review: Shown, is_verbose: bool) -> RenderableType:
    return Group(
        *_posture(review),
        *_gaps(review.receipt),
        *_doubt(review, is_verbose),
        *_held_back(review, is_verbose),
        *_next(review),
    )


def _doubt(review: Shown, is_verbose: bool) -> Iterator[RenderableType]:
    """How many of the model's claims were refuted; told in full, which and why."""
    if told := doubt_told(review.receipt):
        more = "." if is_verbose or not review.refuted else "; --verbose says which, and why."
        yield _entry("·", "dim", told + more, text_style="dim")
    for one in review.refuted if is_verbose else ():
        yield _entry(" ", "", f"{one.path}:{one.start_line} {one.rule} — {one.title}: {one.why}", text_style="dim")


def _held_back(review: Shown, is_verbose: bool) -> Iterator[RenderableType]:
    """How many findings were counted and not said; told in full, which and why."""
    if review.held_back:
        count = counted(len(review.held_back), "finding")
        more = "" if is_verbose else "; --verbose says which, and why"
        yield _entry("·", "dim", f"{count} held back as too mild or too uncertain to be said{more}.", text_style="dim")
    for one in review.held_back if is_verbose else ():
        said = f"{one.path}:{one.start_line} {one.rule} — {masked(one.title)}: {one.severity}, "
        said += f"{one.confidence:.0%} sure; {one.why}"
        yield _entry(" ", "", said, text_style="dim")


def _posture(review: Shown) -> Iterator[RenderableType]:
    """What becomes of the calls to others, where anything does."""
    if review.posture is not None:
        yield Text("Posture", style="bold")
        for line in change_lines(review.posture):
            sign, style = _POSTURE_SIGNS.get(line[:1], ("·", "bold"))
            yield _entry(sign, style, line.removeprefix(sign).replace("`", ""))
        yield Text()


def _gaps(receipt: Receipt) -> Iterator[RenderableType]:
    """What was not read: by name where somebody would expect it to be, else by number."""
    if receipt.reason and not _is_whole(receipt):
        yield _entry("!", "bold yellow", f"{receipt.coverage.value}: {receipt.reason}")
    missed = [file for file in receipt.files.skipped if not file.expected and file.path not in receipt.reason]
    for file in missed[:_UNREAD_SHOWN]:
        yield _entry("!", "bold yellow", f"not read: {file.path}: {file.reason}")
    if len(missed) > _UNREAD_SHOWN:
        yield _entry("!", "bold yellow", f"not read: {len(missed) - _UNREAD_SHOWN} more, in --format json")
    for note in receipt.notes:
        yield _entry("!", "bold yellow", note)
    passed = Counter(file.reason for file in receipt.files.skipped if file.expected)
    if passed:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in passed.most_common(6))
        more = f" and {len(passed) - 6} other reasons" if len(passed) > 6 else ""
        yield _entry("·", "dim", f"passed over: {reasons}{more}", text_style="dim")


def _next(review: Shown) -> Iterator[RenderableType]:
    """The one thing to do now."""
    receipt = review.receipt
    if receipt.coverage is Coverage.NONE:
        yield _entry("→", "bold", "Nothing was judged: mend what is named above and run it again.")
    elif not review.findings and _is_whole(receipt):
        yield _entry("→", "bold", "Nothing to do.")
    elif not review.findings:
        yield _entry("→", "bold", "This is no all-clear: look at what was not read yourself, or run it again.")
    else:
        worst = max(review.findings, key=lambda finding: finding.severity.rank)
        yield _entry("→", "bold", f"Start with {worst.path}:{worst.start_line}.")
        if by_rule := next((finding for finding in chain((worst,), review.findings) if finding.source == "rule"), None):
            yield _entry(" ", "", f"Why it matters: seawall explain {by_rule.rule}")
        yield _entry(" ", "", "A false alarm? Say so in a comment on the line above:")
        yield _entry(" ", "", f"seawall: ignore[{worst.rule}] reason")


def _entry(sign: str, style: str, text: str, text_style: str = "") -> RenderableType:
    """A sign, and text that wraps beside it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(Text(sign, style=style), Text(one_line(masked(text)), style=text_style))
    return grid


def _is_whole(receipt: Receipt) -> bool:
    return receipt.coverage in (Coverage.FULL, Coverage.RULES_ONLY)


def _coverage_style(receipt: Receipt) -> str:
    return (
        "bold green" if _is_whole(receipt) else "bold yellow" if receipt.coverage is not Coverage.NONE else "bold red"
    )


def _by(receipt: Receipt) -> str:
    return _BY[receipt.coverage].format(model=one_line(receipt.model or "a model"))


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"


def _short(sha: str) -> str:
    return sha[:10] + ("-dirty" if sha.endswith("-dirty") else "")
