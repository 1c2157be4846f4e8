"""What is challenged must be defended: a concrete failure, and code that proves it. Pure.

The model says what refutes a finding or what proves it; whether that is a proof is looked up in the code it was shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.domain import Challenge, Doubt, Dropped, Finding
from bot.llm import legible
from bot.llm.fencing import REPEATED
from bot.redaction import MASK, masked_closely
from bot.review.context import Question
from bot.review.excerpt import Hide, head_lines
from bot.review.quote import HeadText, Restore, bare_lines
from bot.review.verify import MOST_CONFIDENCE, ceiling_of, one_line
from bot.review.words import in_plain_words

_LEAST_CERTAIN = 0.7
"""Of a defence, for a finding whose rule has no record to be posted."""
_FEWEST_WORDS = 5
"""A failure told in fewer is none that anybody could bring about."""
_MOST_REASON_CHARS = 600


def inputs_of(
    inputs: Mapping[str, str], findings: Sequence[Finding], contents: Mapping[str, bytes], hide: Hide
) -> dict[str, str]:
    """The inputs of a reading, and the findings to refute, each under its number, with its code as a reading shows it.

    `contents`: path → head bytes.
    """
    told = [
        f"{number}. {finding.path}, lines {finding.start_line} to {finding.end_line}, {finding.rule}, "
        f"{finding.severity.value}\n{finding.title}\n{finding.body}\n{_shown(finding, contents, hide)}"
        for number, finding in enumerate(findings, 1)
    ]
    return {**inputs, "candidates": "\n\n".join(told)}


def _shown(finding: Finding, contents: Mapping[str, bytes], hide: Hide) -> str:
    """Its evidence, the secrets in it by their names."""
    if MASK not in finding.evidence or finding.path not in contents:
        return finding.evidence
    lines = head_lines(finding.path, contents[finding.path], hide)[finding.start_line - 1 :]
    return "\n".join(lines[: len(finding.evidence.split("\n"))])


def challenged(
    doubts: Iterable[Doubt],
    findings: Sequence[Finding],
    part: Question,
    contents: Mapping[str, bytes],
    restore: Restore = str,
) -> list[Challenge]:
    """What became of each finding that the answer speaks of. `contents`: path → head bytes."""
    shown = [HeadText(path, contents[path], restore) for path in part.paths if path in contents]
    around = restore(bare_lines(part.inputs.get("surroundings", "")))
    shown.append(HeadText("", around.encode("utf-8", "replace"), restore))
    return [_judged(doubt, findings[doubt.number - 1], shown) for doubt in doubts if 1 <= doubt.number <= len(findings)]


def _judged(doubt: Doubt, finding: Finding, shown: Sequence[HeadText]) -> Challenge:
    failure, why_not = (one_line(text, _MOST_REASON_CHARS) for text in (doubt.failure, doubt.why_not))
    if not doubt.stands:
        why_not = why_not or "the model takes it back"
    elif len(failure.split()) < _FEWEST_WORDS or REPEATED in failure:
        why_not = "no concrete failure was named"
    elif not any(text.places(doubt.quote) for text in shown):
        why_not = "what was quoted as proof is not in the code that was shown"
    else:
        why_not = ""
    return Challenge(
        fingerprint=finding.fingerprint,
        stands=not why_not,
        failure=failure,
        quote=masked_closely(legible(doubt.quote)),
        severity=min(doubt.severity, ceiling_of(finding.class_), key=lambda severity: severity.rank),
        confidence=min(doubt.confidence, MOST_CONFIDENCE),
        why_not=why_not,
    )


class Defended(NamedTuple):
    kept: list[Finding]
    dropped: list[Dropped]


def defended(findings: Iterable[Finding], challenges: Iterable[Challenge]) -> Defended:
    """The findings that stand, with the severity and confidence of their defence; the others, `refuted` with the
    reason or `unchallenged` where nobody answered for them."""
    judged = {challenge.fingerprint: challenge for challenge in challenges}
    kept, dropped = [], []
    for finding in findings:
        challenge = judged.get(finding.fingerprint)
        if challenge is not None and challenge.stands:
            body = in_plain_words(finding.title, finding.body, challenge.failure)
            told = {"severity": challenge.severity, "confidence": challenge.confidence, "body": body}
            kept.append(finding.model_copy(update=told))
        else:
            reason, detail = ("refuted", challenge.why_not) if challenge else ("unchallenged", "")
            dropped.append(Dropped(finding=finding, rule=finding.rule, path=finding.path, reason=reason, detail=detail))
    return Defended(kept, dropped)


def borne_out(findings: Iterable[Finding], challenges: Iterable[Challenge]) -> Iterator[Finding]:
    """Of findings whose rule has no record, those that stand with enough certainty, as certain as their
    defence; what they cost and what they say is their rule's word."""
    judged = {challenge.fingerprint: challenge for challenge in challenges if challenge.stands}
    for finding in findings:
        challenge = judged.get(finding.fingerprint)
        if challenge is not None and challenge.confidence >= _LEAST_CERTAIN:
            yield finding.model_copy(update={"confidence": min(challenge.confidence, finding.own_confidence)})
