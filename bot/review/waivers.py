"""What is not said, because somebody answers for it: rules muted here, points dismissed, comments in the code. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from bot.domain import Dropped, Finding, PullRequest, Severity, Waiver
from bot.regex import regex
from bot.settings.globs import is_among

_UNTIL = regex(r"\buntil=(\d{4}-\d{2}-\d{2})\S*")
_BRACKETS = regex(r"^seawall:\s*ignore\s*\[[^\]]*\]")


def muting(finding: Finding, waivers: Iterable[Waiver], number: int) -> Waiver | None:
    """The waiver that silences this finding's rule or class here, on this pull request.

    A rule that muted itself still says what is critical.
    """
    for waiver in waivers:
        if waiver.owner == "seawall" and finding.severity is Severity.CRITICAL:
            continue
        is_here = waiver.number in (None, number) and (not waiver.path or is_among(finding.path, [waiver.path]))
        if waiver.kind == "muted" and is_here and waiver.rule in (finding.rule, finding.class_):
            return waiver
    return None


def dismissing(names: Collection[str], code_digest: str, waivers: Iterable[Waiver], number: int) -> Waiver | None:
    """The dismissal of a finding with one of these fingerprints, while its scope's code is what it was.

    A dismissal that knows of no code holds on its own pull request.
    """
    for waiver in waivers:
        if waiver.kind == "dismissed" and waiver.fingerprint in names:
            is_same_code = waiver.code_digest == code_digest
            if is_same_code if waiver.code_digest and code_digest else waiver.number in (None, number):
                return waiver
    return None


def inline_waivers(dropped: Sequence[Dropped], pull_request: PullRequest, at: str) -> list[Waiver]:
    """The register's entries for findings that a comment in the code silences. The author answers for them."""
    silenced = [(one.finding, one.detail) for one in dropped if one.reason == "suppressed" and one.finding]
    return [_inline(finding, text, pull_request, at) for finding, text in silenced]


def _inline(finding: Finding, text: str, pull_request: PullRequest, at: str) -> Waiver:
    repository_id = pull_request.repository.id
    identity = "\0".join(("inline", str(repository_id), finding.path, finding.rule, finding.scope, text))
    until = _UNTIL.search(text)
    return Waiver(
        id=f"w-{hashlib.sha256(identity.encode('utf-8', 'replace')).hexdigest()[:7]}",
        kind="inline",
        repository_id=repository_id,
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        path=finding.path,
        number=pull_request.number,
        owner=pull_request.author or "unknown",
        reason=_UNTIL.sub("", _BRACKETS.sub("", text)).strip(),
        at=at,
        expires_at=_end_of(until[1]) if until else "",
    )


def _end_of(day: str) -> str:
    """The last moment of a day, as the first of the next one."""
    try:
        return f"{date.fromisoformat(day) + timedelta(days=1)}T00:00:00.000+00:00"
    except ValueError:
        return ""
