"""A whole review in Markdown, for a comment or a file."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.domain import Finding, HeldBack, Refuted
from bot.review.filter import can_be_suggested, code, fenced, safe_markdown
from bot.review.formats.line_diff import line_diff
from bot.review.formats.shown import Shown
from bot.review.rank import in_order
from bot.review.receipt import title_of
from bot.review.render import receipt_text

BODY_LIMIT = 60_000
"""Characters; GitHub takes 65,536 in a comment."""
_SIGN = {"critical": "🟥", "high": "🟧", "medium": "🟨", "low": "⬜"}


def render(review: Shown, own_host: str = "github.com", *, is_verbose: bool = False) -> Iterator[str]:
    """Filtered as everything that is posted is: no mention, image, raw HTML, off-host link, command line or secret.

    `is_verbose`: also what doubt refuted, and what was held back.
    """
    receipt = f"---\n\n{receipt_text(review.receipt, own_host, review.posture)}"
    yield _fit(_parts(review, own_host, is_verbose), BODY_LIMIT - len(receipt))
    yield f"\n\n{receipt}\n"


def _parts(review: Shown, own_host: str, is_verbose: bool) -> Iterator[str]:
    said = safe_markdown(title_of(review.receipt, review.findings), own_host)
    yield f"## Seawall: {said}"
    for path, findings in groupby(in_order(review.findings), key=lambda finding: finding.path):
        yield f"### {code(path)}"
        yield from (_finding(finding, own_host) for finding in findings)
    if is_verbose and review.refuted:
        yield "### Refuted"
        yield "\n".join(_refuted(one, own_host) for one in review.refuted)
    if is_verbose and review.held_back:
        yield "### Held back"
        yield "\n".join(_held_back(one, own_host) for one in review.held_back)


def _refuted(one: Refuted, own_host: str) -> str:
    place = code(f"{one.path}:{one.start_line}")
    said = f"{safe_markdown(one.title, own_host)}: {safe_markdown(one.why, own_host)}"
    return f"- {place} {code(one.rule)} — {said}"


def _held_back(one: HeldBack, own_host: str) -> str:
    said = f"{safe_markdown(one.title, own_host)}: {one.severity}, {one.confidence:.0%} sure"
    return f"- {code(f'{one.path}:{one.start_line}')} {code(one.rule)} — {said}; {safe_markdown(one.why, own_host)}"


def _finding(finding: Finding, own_host: str) -> str:
    lines = f"line {finding.start_line}" if finding.start_line == finding.end_line else _span(finding)
    removed = " (removed)" if finding.side == "LEFT" else ""
    parts = [
        f"#### {_SIGN[finding.severity]} {finding.severity} · {safe_markdown(finding.title, own_host)}",
        f"{lines}{removed} · {code(finding.rule)} · {finding.source}, confidence {finding.confidence:.0%}",
        fenced(finding.evidence, _language(finding.path)),
        safe_markdown(finding.body, own_host),
    ]
    if finding.suggestion and can_be_suggested(finding.suggestion.text):
        parts.append(_suggestion(finding))
    return "\n\n".join(part for part in parts if part)


def _span(finding: Finding) -> str:
    return f"lines {finding.start_line}–{finding.end_line}"


def _suggestion(finding: Finding) -> str:
    """As a diff where the quoted code is what the suggestion replaces, else as the new text alone."""
    suggestion = finding.suggestion
    assert suggestion is not None
    old, new = finding.evidence.split("\n"), suggestion.text.split("\n") if suggestion.text else []
    if (suggestion.start_line, suggestion.end_line) == (finding.start_line, finding.end_line):
        return "Suggested:\n\n" + fenced("\n".join(sign + line for _, sign, line in line_diff(old, new)), "diff")
    lines = f"{suggestion.start_line}–{suggestion.end_line}"
    return f"Suggested for lines {lines}:\n\n" + fenced(suggestion.text, _language(finding.path))


def _language(path: str) -> str:
    """What follows the fence; GitHub knows file endings as languages."""
    ending = path.rpartition("/")[2].rpartition(".")[2]
    return ending if ending.isalnum() and ending.isascii() and len(ending) <= 10 else ""


def _fit(parts: Iterable[str], limit: int) -> str:
    """Whole parts only; half a part could leave a fence open."""
    kept: list[str] = []
    left = iter(parts)
    for part in left:
        limit -= len(part) + 2
        if limit < 200:
            more = sum(one.startswith("####") for one in (part, *left))
            kept.append(f"… and {more} more; see the JSON output.")
            break
        kept.append(part)
    return "\n\n".join(kept)
