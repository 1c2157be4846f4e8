"""What the model has to say of a change: read, merged, put in doubt. Everything but the asking is pure."""

from collections.abc import Iterator, Sequence

from bot.domain import Ask, Finding
from bot.review.doubt import borne_out, defended
from bot.review.merge import Found, merged_readings
from bot.review.questions import CHALLENGED_AT_ONCE, challenges, found_by, readings
from bot.review.rank import rank
from bot.review.stages import Answered, Background, Desk, Heard, Scanned

MOST_WAITING = 5
"""Findings of rules without a record that the model is asked about, in one review."""


def hear(desk: Desk, scanned: Scanned, background: Background, ask: Ask) -> Heard:
    """Puts the readings, and a second time what they found, for somebody to refute."""
    answers = [Answered.from_json(answer) for answer in ask(readings(scanned, background))]
    merged = merged_readings(found_by(answers))
    if not CHALLENGED_AT_ONCE[scanned.profile]:
        return Heard(readings=tuple(answers), findings=_findings(merged.kept), dropped=tuple(merged.dropped))
    # What is not said anyway needs no defence: it is dropped by its own reason, and lends no rule its words.
    ranked = rank(_findings(merged.kept), desk.snapshot.policy, desk.judging.left, background.record)
    said = {finding.fingerprint for finding in ranked.findings}
    asked = [one for one in merged.kept if one.finding.fingerprint in said]
    waiting = _waiting(desk, scanned, answers)
    questions = challenges(scanned, background, [*asked, *waiting])
    doubts = [Answered.from_json(answer) for answer in ask(questions)] if questions else []
    judged = [challenge for answer in doubts for challenge in answer.challenges]
    stand = defended(_findings(asked), judged)
    unchallenged = sum(dropped.reason == "unchallenged" for dropped in stand.dropped)
    return Heard(
        readings=tuple(answers),
        doubts=tuple(doubts),
        findings=tuple(stand.kept),
        dropped=(*merged.dropped, *ranked.dropped, *stand.dropped),
        unchallenged=unchallenged,
        silent_because=next(_silences(doubts), "") if unchallenged else "",
        waiting=len(waiting),
        borne_out=tuple(borne_out(_findings(waiting), judged)),
    )


def _waiting(desk: Desk, scanned: Scanned, answers: Sequence[Answered]) -> list[Found]:
    """What rules found for which no record speaks, the weightiest first, each with a part that showed its file."""
    policy = desk.snapshot.policy
    unsaid = [one for one in scanned.findings if one.own_confidence >= policy.at(one.path).min_confidence]
    held = [one.finding for one in rank(unsaid, policy, desk.judging.left).dropped if one.reason == "below-confidence"]
    parts = {path: answer.index for answer in reversed(answers) if not answer.missing_because for path in answer.paths}
    return [Found(parts[one.path], "rule", one) for one in held if one is not None and one.path in parts][:MOST_WAITING]


def _findings(found: Sequence[Found]) -> tuple[Finding, ...]:
    return tuple(one.finding for one in found)


def _silences(doubts: Sequence[Answered]) -> Iterator[str]:
    return (answer.missing_because for answer in doubts if answer.missing_because)
