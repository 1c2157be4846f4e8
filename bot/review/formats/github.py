"""Workflow commands, by which a job in GitHub Actions puts annotations on the changed lines.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections import Counter
from collections.abc import Iterator

from bot.domain import Coverage, Finding, Severity
from bot.posture import change_lines
from bot.redaction import masked
from bot.review.formats.shown import Shown
from bot.review.formats.visible import one_line, plain_title, visible
from bot.review.rank import in_order
from bot.review.receipt import title_of

PER_LEVEL = 10
"""GitHub shows so many annotations of a level from one step and drops the rest without a word."""
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "notice"}
_GAPS = (Coverage.PARTIAL, Coverage.DEGRADED, Coverage.NONE)


def render(review: Shown) -> Iterator[str]:
    """The weightiest findings as annotations, the rest as plain lines of the log, the receipt's line last."""
    used: Counter[str] = Counter()
    if review.receipt.coverage in _GAPS:
        used["warning"] += 1
        yield f"::warning title=Seawall did not read everything::{_message(review.receipt.reason)}\n"
    annotated: list[Finding] = []
    for finding in review.findings:
        level = _LEVELS[finding.severity]
        if finding.side != "LEFT" and used[level] < PER_LEVEL:  # an annotation lies on the head
            used[level] += 1
            annotated.append(finding)
            yield _annotation(finding, level)
    for finding in in_order(review.findings):
        if finding not in annotated:
            yield _log(f"{finding.severity} {finding.path}:{finding.start_line} {plain_title(finding.title)}")
    for line in change_lines(review.posture) if review.posture is not None else ():
        yield _log(f"Posture: {line}")
    yield _log(f"Seawall: {title_of(review.receipt, review.findings)}")


def _annotation(finding: Finding, level: str) -> str:
    place = {
        "file": finding.path,
        "line": str(finding.start_line),
        "endLine": str(finding.end_line),
        "title": f"{plain_title(finding.title)} ({finding.rule})",
    }
    properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
    return f"::{level} {properties}::{_message(finding.body)}\n"


def _message(text: str) -> str:
    return masked(visible(text)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _log(text: str) -> str:
    """A plain line; the runner takes lines that begin with `::` or hold `##[` for commands."""
    return masked(one_line(text)).replace("##[", "## [").replace("::", ": :") + "\n"
