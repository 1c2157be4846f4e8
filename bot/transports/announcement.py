"""What a channel that subscribed is told of a review: its new findings, with buttons to answer each."""

import hashlib
from collections.abc import Sequence

from bot.domain import Button, Buttons, Finding, Part, PullRequest, Reply, Review, Severity, Words
from bot.transports.writing.inline import clean
from bot.transports.writing.signs import SEVERITY_SIGNS

MOST_FINDINGS = 5


def announcement(
    review: Review, pull_request: PullRequest, floor: Severity | None = None, fresh: Sequence[Finding] | None = None
) -> Reply | None:
    """The weightiest findings at or over `floor` (None: all), as a public answer. None where there are none.

    `fresh`: those not said before; without it the review's own. The buttons' commands name the pull request, since a
    channel is about many.
    """
    found = review.findings if fresh is None else fresh
    told = sorted((each for each in found if floor is None or each.severity.reaches(floor)), key=_weight)
    if not told:
        return None
    subject = f"{pull_request.repository.full_name}#{pull_request.number}"
    count = f"{len(told)} new finding{'s' if len(told) != 1 else ''}"
    parts: list[Part] = [Words(text=_lead(pull_request, subject))]
    for finding in told[:MOST_FINDINGS]:
        parts += [Words(text=_point(finding, pull_request)), _answers(finding, pull_request, subject)]
    if (left := len(told) - MOST_FINDINGS) > 0:
        where = f"[{subject}]({pull_request.url})" if pull_request.url else subject
        parts.append(Words(text=f"… and {left} more on {where}"))
    return Reply(state="done", title=f"{count} in {subject}", parts=tuple(parts), is_public=True)


def finding_url(finding: Finding, pull_request: PullRequest) -> str:
    """Where GitHub shows the line: in the files of the pull request, or the file's place there for a removed line."""
    anchor = hashlib.sha256(finding.path.encode("utf-8", "replace")).hexdigest()
    side = "R" if finding.side == "RIGHT" else "L"
    return f"{pull_request.url}/files#diff-{anchor}{side}{finding.start_line}"


def _weight(finding: Finding) -> tuple[int, float, str, int]:
    return -finding.severity.rank, -finding.confidence, finding.path, finding.start_line


def _lead(pull_request: PullRequest, subject: str) -> str:
    title = _literal(" ".join(clean(pull_request.title).split())[:120]) or subject
    by = f" by {_literal(pull_request.author)}" if pull_request.author else ""
    where = f" · [{subject}]({pull_request.url})" if pull_request.url else ""
    return f"{title}{by}{where}"


def _point(finding: Finding, pull_request: PullRequest) -> str:
    place = f"{finding.path}:{finding.start_line}"
    shown = f"[{_literal(place)}]({finding_url(finding, pull_request)})" if pull_request.url else _literal(place)
    title = _literal(" ".join(clean(finding.title).split()))
    return (
        f"{SEVERITY_SIGNS[finding.severity]} **{title}**\n{finding.severity.value} · {shown} · {_literal(finding.rule)}"
    )


def _answers(finding: Finding, pull_request: PullRequest, subject: str) -> Buttons:
    handle = finding.fingerprint[:7]
    buttons = [
        Button(label="Explain", command=f"explain {handle} {subject}"),
        Button(label="Dismiss", command=f"dismiss {handle} {subject}", is_danger=True),
    ]
    if pull_request.url:
        buttons.insert(0, Button(label="Open", url=finding_url(finding, pull_request)))
    return Buttons(buttons=tuple(buttons))


def _literal(text: str) -> str:
    """A name or title from a pull request as Markdown that has no marks; signs of HTML mean nothing to our reader."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]" else sign for sign in clean(text))
