"""The fault tests of a review, where policy wants them: for the weightiest of what is said for the first time."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import Ask, Comment, Finding, Review, Severity, Step
from bot.review.proving.knowledge import fault_for
from bot.review.proving.record import PROVE, Proved
from bot.review.proving.saying import below_finding, on_its_file
from bot.review.receipt import counted
from bot.review.stages import Answered, Desk

MOST_PROOFS = 2
"""In one review."""


def prove_fresh(desk: Desk, fresh: Sequence[Finding], step: Step, ask: Ask) -> dict[str, Proved]:
    """Fingerprint → what came of it. Empty unless policy says `prove = "high"`. `fresh`: the weightiest first."""
    if desk.snapshot.policy.prove != "high":
        return {}
    wanted = [finding for finding in fresh if _is_worth_it(finding)][:MOST_PROOFS]
    if not wanted:
        return {}
    if desk.model is None:
        told = step("prove", lambda: [_without_model(desk, finding) for finding in wanted])
        found = [Proved.from_json(one) for one in told]
    else:
        answers = ask([{"prompt": PROVE, "prove": finding.to_json()} for finding in wanted])
        found = [_of(Answered.from_json(answer)) for answer in answers]
    return {finding.fingerprint: one for finding, one in zip(wanted, found, strict=True)}


def with_proofs_told(review: Review, proofs: Mapping[str, Proved]) -> Review:
    """The review with what the tests cost, and a word on how many there are, in its receipt."""
    if not proofs:
        return review
    receipt = review.receipt
    paid = [one for one in proofs.values() if one.prompt]
    costs = [cost for cost in (receipt.cost_usd, *(one.cost_usd for one in paid)) if cost is not None]
    written = sum(one.proof is not None for one in proofs.values())
    note = f"{counted(written, 'fault test')} written for {counted(len(proofs), 'finding')}"
    reasons = "; ".join(_why(one) for one in proofs.values() if one.proof is None)
    told = {
        "notes": (*receipt.notes, f"{note}: {reasons}." if reasons else f"{note}."),
        "tokens": sum((one.use for one in paid), receipt.tokens),
        "prompt_versions": receipt.prompt_versions | {one.prompt: one.prompt_version for one in paid},
        "cost_usd": sum(costs) if costs and (receipt.cost_usd is not None or receipt.model is None) else None,
    }
    return review.model_copy(update={"receipt": receipt.model_copy(update=told)})


def proofs_told(
    proofs: Mapping[str, Proved], fresh: Sequence[Finding], head_sha: str, own_host: str
) -> tuple[dict[str, str], tuple[Comment, ...]]:
    """Fingerprint → the test in words, for below its finding; and comments that suggest one on a file of the change."""
    written = [
        (finding, one.proof)
        for finding in fresh
        if (one := proofs.get(finding.fingerprint)) is not None and one.proof is not None
    ]
    below = {finding.fingerprint: below_finding(proof, finding, head_sha, own_host) for finding, proof in written}
    beside = [
        on_its_file(proof, proof.appendix, finding, head_sha, own_host) for finding, proof in written if proof.appendix
    ]
    return below, tuple(beside)


def _is_worth_it(finding: Finding) -> bool:
    fits = not isinstance(fault_for(finding.class_, finding.kind), str)
    return fits and finding.severity.reaches(Severity.HIGH) and finding.side == "RIGHT"


def _without_model(desk: Desk, finding: Finding) -> dict[str, Any]:
    from bot.review.proving.writing import proved  # only a review that wants one needs what writes them

    return proved(desk, finding, None).to_json()


def _of(answer: Answered) -> Proved:
    return answer.proved or Proved(missing_because=answer.missing_because or "the model gave no answer")


def _why(one: Proved) -> str:
    return one.none.reason if one.none is not None else one.missing_because
