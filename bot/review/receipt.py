"""The receipt of a review, and what the check says of it (never a false green)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from bot.domain import CheckDraft, Coverage, Finding, Receipt, ReviewedFiles, Severity
from bot.review.filter import on_one_line
from bot.settings import Mode, Policy

Conclusion = Literal["success", "neutral", "failure"]


def coverage_of(
    files: ReviewedFiles, unlisted_files: int, model_wanted: bool, model_missing: str, left_out: Sequence[str]
) -> tuple[Coverage, str]:
    """How much was read, and the reason where it is less than all.

    `model_missing`: why the model's part is not there, though it was wanted. `left_out`: what did not fit a prompt.
    """
    unread = [f"{on_one_line(file.path)} ({file.reason})" for file in files.skipped if not file.expected]
    reasons = []
    if unread:
        reasons.append(f"not read: {_some(unread)}")
    if unlisted_files:
        reasons.append(f"{unlisted_files} changed files were not listed by the host")
    if left_out:
        reasons.append(f"not shown to the model: {_some([*map(on_one_line, left_out)])}")
    if model_missing:
        reasons.append(f"the model's part is missing: {model_missing}")
    if unread or unlisted_files or left_out:
        return Coverage.PARTIAL, "; ".join(reasons)
    if model_missing:
        return Coverage.DEGRADED, "; ".join(reasons)
    if not model_wanted:
        return Coverage.RULES_ONLY, ""
    return Coverage.FULL, ""


def conclusion_of(receipt: Receipt, worst: Mapping[str, Severity], policy: Policy) -> Conclusion:
    """What the check concludes, by the table of the second promise. `worst`: path → its weightiest finding.

    Each file is judged by the policy of its path. What was not read at all could be under any of them.
    """
    if receipt.coverage is Coverage.NONE:
        return "failure" if policy.gates_somewhere else "neutral"
    here = {path: policy.at(path) for path in worst}
    if any(here[path].mode is Mode.GATE and severity.reaches(here[path].fail_on) for path, severity in worst.items()):
        return "failure"
    if receipt.coverage in (Coverage.PARTIAL, Coverage.DEGRADED):
        return "failure" if policy.strict and _is_gated(receipt, policy) else "neutral"
    return "neutral" if worst else "success"


def is_over(worst: Mapping[str, Severity], policy: Policy) -> bool:
    """True where a finding is at or over the `fail_on` of its path."""
    return any(severity.reaches(policy.at(path).fail_on) for path, severity in worst.items())


def _is_gated(receipt: Receipt, policy: Policy) -> bool:
    """True where a file of the change lies under a gate."""
    files = (*receipt.files.reviewed, *(file.path for file in receipt.files.skipped))
    return policy.mode is Mode.GATE or any(policy.at(path).mode is Mode.GATE for path in files)


def title_of(receipt: Receipt, findings: Collection[Finding]) -> str:
    """The check's one line, such as `3 findings (1 high, 2 medium) · partial: 1 file not read`."""
    files = counted(len(receipt.files.reviewed), "file")
    if receipt.coverage is Coverage.NONE:
        return f"Not reviewed: {receipt.reason}"
    said = f"{counted(len(findings), 'finding')} ({severities(findings)})" if findings else "Nothing found"
    if receipt.coverage is Coverage.FULL:
        return f"{said} in {files}"
    if receipt.coverage is Coverage.RULES_ONLY:
        return f"{said} in {files}, by rules only"
    return f"{said} · {receipt.coverage}: {receipt.reason}"


def check_of(receipt: Receipt, findings: Sequence[Finding], policy: Policy, summary: str) -> CheckDraft:
    """The finished check. Findings that only min_severity holds back do not count here."""
    return CheckDraft(
        conclusion=conclusion_of(receipt, worst_by_path(findings), policy),
        title=title_of(receipt, findings)[:250],
        summary=summary,
    )


def doubt_told(receipt: Receipt) -> str:
    """`Doubt refuted 2 of 5 claims of the model`; empty where nothing was put in doubt."""
    if not receipt.doubted:
        return ""
    return f"Doubt refuted {receipt.refuted or 'none'} of {counted(receipt.doubted, 'claim')} of the model"


def worst_of(findings: Iterable[Finding]) -> Severity | None:
    return max((finding.severity for finding in findings), key=lambda severity: severity.rank, default=None)


def worst_by_path(findings: Sequence[Finding]) -> dict[str, Severity]:
    worst: dict[str, Severity] = {}
    for finding in sorted(findings, key=lambda finding: finding.severity.rank):
        worst[finding.path] = finding.severity
    return worst


def severities(findings: Iterable[Finding]) -> str:
    """`1 high, 2 medium`, worst first."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[severity]} {severity}" for severity in reversed(Severity) if counts[severity])


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _some(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
