"""SARIF 2.1.0, as GitHub's code scanning takes it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import islice
from typing import Any
from urllib.parse import quote

from bot.domain import Coverage, Finding, Severity, SkippedFile, Suggestion
from bot.redaction import masked
from bot.review.formats.long_list import filled
from bot.review.formats.shown import Shown
from bot.review.formats.visible import plain_title

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_ROOT = "%SRCROOT%"
_MOST_RESULTS = 5000
"""Code scanning shows so many of a run."""
_UNREAD, _INCOMPLETE = "file-not-read", "review-incomplete"


def render(review: Shown, rules: Mapping[str, str]) -> Iterator[str]:
    """`rules`: name → page in Markdown; rules that ran, and those of findings, are described."""
    findings = tuple(islice(review.findings, _MOST_RESULTS))
    names = sorted({*rules, *review.receipt.rules, *(finding.rule for finding in findings)})
    index = {name: number for number, name in enumerate(names)}
    run = {
        "tool": {
            "driver": {
                "name": "Seawall",
                "semanticVersion": version("seawall"),
                "rules": [_rule(name, rules.get(name, ""), findings) for name in names],
                "notifications": [{"id": _UNREAD}, {"id": _INCOMPLETE}],
            }
        },
        "automationDetails": {"id": "seawall/"},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top folder of the reviewed code."}}},
        "invocations": [_invocation(review)],
        "results": [],
        "properties": {"coverage": review.receipt.coverage.value, "result": review.receipt.result.value},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    results = (_dumped(_result(finding, index)) for finding in findings)
    yield from filled(_dumped(log), "results", 3, results)
    yield "\n"


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _rule(name: str, page: str, findings: Sequence[Finding]) -> dict[str, Any]:
    family, _, kind = name.partition("/")
    severities = [finding.severity for finding in findings if finding.rule == name]
    usual = max(severities, key=lambda severity: severity.rank, default=Severity.MEDIUM)
    summary = _summary(page) or f"{kind.replace('-', ' ')} ({family.replace('-', ' ')})"
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", name)),
        "shortDescription": {"text": summary[:250]},
        "fullDescription": {"text": summary[:1000]},
        "help": {"text": _plain(page) or summary, "markdown": page or summary},
        "defaultConfiguration": {"level": _LEVELS[usual]},
        "properties": {"tags": ["reliability", family], "problem.severity": _problem(usual)},
    }


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    title, body = masked(finding.title), masked(finding.body)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{plain_title(title)}\n\n{_plain(body)}", "markdown": f"**{title}**\n\n{body}"},
        "locations": [_location(finding)],
        "partialFingerprints": {"seawall/v1": finding.fingerprint},
        "rank": round(finding.confidence * 100, 1),
        "properties": {"severity": finding.severity.value, "source": finding.source, "side": finding.side},
    }
    if finding.suggestion:
        result["fixes"] = [_fix(finding.path, finding.suggestion)]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.start_line, "endLine": finding.end_line}
    if finding.evidence:
        region["snippet"] = {"text": masked(finding.evidence)}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(finding.path), "region": region}}
    if finding.scope:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.scope}]
    return location


def _fix(path: str, suggestion: Suggestion) -> dict[str, Any]:
    """Whole lines: without an end column a region ends before its last line's break; a deletion takes that too."""
    region = {"startLine": suggestion.start_line, "startColumn": 1, "endLine": suggestion.end_line}
    if not suggestion.text:
        region |= {"endLine": suggestion.end_line + 1, "endColumn": 1}
    replacement = {"deletedRegion": region, "insertedContent": {"text": suggestion.text}}
    return {
        "description": {"text": "The edit that Seawall suggests."},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": [replacement]}],
    }


def _invocation(review: Shown) -> dict[str, Any]:
    receipt = review.receipt
    notifications = [_unread(file) for file in receipt.files.skipped]
    if receipt.coverage in (Coverage.PARTIAL, Coverage.DEGRADED, Coverage.NONE):
        level = "error" if receipt.coverage is Coverage.NONE else "warning"
        text = f"Coverage {receipt.coverage}: {masked(receipt.reason) or 'no reason given'}"
        notifications.insert(0, _notification(_INCOMPLETE, level, text))
    notifications += [_notification(_INCOMPLETE, "note", masked(note)) for note in receipt.notes]
    return {
        "executionSuccessful": receipt.coverage is not Coverage.NONE,
        "toolExecutionNotifications": notifications,
    }


def _unread(file: SkippedFile) -> dict[str, Any]:
    notification = _notification(_UNREAD, "note" if file.expected else "warning", f"Not read: {masked(file.reason)}")
    return notification | {"locations": [{"physicalLocation": {"artifactLocation": _artifact(file.path)}}]}


def _notification(kind: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": text}}


def _artifact(path: str) -> dict[str, str]:
    """A colon in the first part of a relative reference would make a scheme of it, so none stays."""
    return {"uri": quote(path, safe="/~!$&'()*+,;=@"), "uriBaseId": _ROOT}


def _problem(severity: Severity) -> str:
    return {"error": "error", "warning": "warning", "note": "recommendation"}[_LEVELS[severity]]


def _summary(page: str) -> str:
    """The first paragraph under "What it finds", or of a page without such a heading."""
    _, _, found = page.rpartition("## What it finds\n")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n|^#.*$", found, flags=re.MULTILINE)]
    return " ".join(_plain(next(filter(None, paragraphs), "")).split())


def _plain(markdown: str) -> str:
    """Without the signs that only Markdown reads."""
    text = re.sub(r"^#{1,6} +|^```.*$|\*\*", "", markdown, flags=re.MULTILINE)
    return re.sub(r"`([^`\n]+)`", r"\1", text).strip()
