"""One review, from the change to the answer: the same in the worker, on a laptop and in a CI job.

What differs is handed in: the `step` runner (a plain call, or a durable step) and `ask` (a plain call, or a durable
child that a queue throttles). A step gives back plain JSON, so a run that was killed goes on after its last step.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain import Ask, Coverage, Finding, Model, ModelUse, PostureChange, Receipt, Result, Review, Step
from bot.posture import PairScan, change_between, scan_all
from bot.review.about import with_posture
from bot.review.by_change import held_by_change
from bot.review.chains import chain_findings, without_told
from bot.review.judging import rules_run, troubles
from bot.review.merge import with_rules
from bot.review.rank import held_back, parted, rank
from bot.review.receipt import counted, coverage_of
from bot.review.stages import Answered, Background, Examined, Heard, Scanned
from bot.review.stages import Desk as Desk
from bot.review.use import held_by_use
from bot.rules import ScanOptions
from bot.rules.teams.scanning import with_own_rules
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import is_test_path


def examine(desk: Desk, step: Step, ask: Ask) -> Review:
    """Scan, reason, doubt, rank: everything but the words and the publishing. `duration_s` is left at 0."""
    return examine_again(desk, step, ask, Background()).review


def examine_again(desk: Desk, step: Step, ask: Ask, background: Background) -> Examined:
    """The same, with what the record knows of earlier heads. `ask` is called once or twice, or not at all."""
    scanned = Scanned.from_json(step("scan", lambda: scan(desk, background).to_json()))
    if not scanned.questions:
        return Examined(assemble(desk, scanned, Heard(), background), ())
    from bot.review.hearing import hear  # what only the model's part needs, a run by the rules does without

    heard = hear(desk, scanned, with_posture(background, scanned.posture), ask)
    return Examined(assemble(desk, scanned, heard, background), _read_whole(scanned, heard.answers))


def _read_whole(scanned: Scanned, answers: Sequence[Answered]) -> tuple[str, ...]:
    shown = {path for answer in answers for path in answer.paths}
    unanswered = {path for answer in answers if answer.missing_because for path in answer.paths}
    cut = {path for path in shown if any(part.startswith(f"{path} (") for part in scanned.left_out)}
    return tuple(sorted(shown - unanswered - cut))


def scan(desk: Desk, background: Background | None = None) -> Scanned:
    """Runs the rules over the change, and counts the parts of it that the model is asked about."""
    snapshot = desk.snapshot
    options = ScanOptions(
        rules_off=snapshot.policy.rules_off, include_tests=snapshot.policy.include_tests, whole=False, today=desk.today
    )
    scans = scan_all(desk.guard, (*snapshot.pairs, *snapshot.gone), options)
    ruled = [scan.rules for scan in scans[: len(snapshot.pairs)]]
    files = list(with_own_rules(desk.guard, snapshot.pairs, ruled, options, desk.judging.own))
    posture = _posture(desk, scans)
    chains = chain_findings(posture, snapshot, desk.guard, desk.today)
    found = [finding for file in files for finding in file.findings]
    taken = held_by_change(found, snapshot.change, snapshot.pairs)
    weighed, reasons = for_a_scan(
        found, held_by_use([one for one in found if one.fingerprint not in taken], desk) | taken
    )
    scanned = Scanned(
        findings=(*weighed, *chains.findings),
        dropped=(*(dropped for file in files for dropped in file.dropped), *chains.dropped),
        failed={file.path: file.failure for file in files if file.failure},
        rules=rules_run(files, snapshot.policy, desk.judging),
        notes=(*troubles(files), *reasons),
        posture=posture,
        profile=desk.profile,
    )
    if desk.model is None:
        return scanned
    return _with_questions(desk, desk.model, scanned, with_posture(background or Background(), posture))


def for_a_scan(findings: Sequence[Finding], why: Mapping[str, str]) -> tuple[list[Finding], tuple[str, ...]]:
    """The findings, those with a reason too uncertain for a comment; and the reasons of what would have been one."""
    told = [
        one.model_copy(update={"confidence": min(one.confidence, SHOWN_ONLY)}) if one.fingerprint in why else one
        for one in findings
    ]
    reasons = (why[one.fingerprint] for one in findings if one.fingerprint in why and one.confidence > SHOWN_ONLY)
    return told, tuple(dict.fromkeys(reasons))


def _with_questions(desk: Desk, model: Model, scanned: Scanned, background: Background) -> Scanned:
    """How many parts the change has for the model, under the profile that the caps leave."""
    from bot.review.addressed import addressed_notes
    from bot.review.questions import pack_questions, tokens_of, with_room

    roomy = with_room(desk.profile, desk.input_budget)
    packed = pack_questions(desk, scanned.findings, background, roomy)
    if not packed.questions:
        return scanned.model_copy(update={"left_out": packed.left_out})
    afforded = model.affordable(roomy, tokens_of(packed, roomy))
    if afforded.profile is None:
        return scanned.model_copy(update={"capped": afforded.reason or "a cap is reached"})
    if afforded.profile is not roomy:
        packed = pack_questions(desk, scanned.findings, background, afforded.profile)
    too_small = "" if roomy is desk.profile else "llm.max_input_tokens leaves no room for more than one reading"
    with_tests = tuple(part.index for part in packed.questions if any(map(is_test_path, part.paths)))
    asked = {
        "questions": len(packed.questions),
        "with_tests": with_tests,
        "left_out": packed.left_out,
        "profile": afforded.profile,
    }
    spoken_to = addressed_notes([question.inputs for question in packed.questions], desk.snapshot.change.patches)
    asked["notes"] = (*scanned.notes, *packed.notes, *spoken_to)
    return scanned.model_copy(update=asked | {"capped": afforded.reason or too_small})


def _posture(desk: Desk, scans: Sequence[PairScan]) -> PostureChange | None:
    policy = desk.snapshot.policy.posture
    change = change_between(scans, policy.services, policy.service)
    return desk.in_fleet(change) if change is not None else None


def reason(desk: Desk, question: Mapping[str, Any]) -> Answered:
    """What became of one question to the model. Never raises for a model that is away."""
    from bot.review.reason import answer_to

    return answer_to(desk, question)


def assemble(desk: Desk, scanned: Scanned, heard: Heard, background: Background) -> Review:
    """The review of what rules and model found. Pure."""
    snapshot, answers = desk.snapshot, heard.answers
    missing = _missing(scanned, heard)
    files = snapshot.files(read_by_model=desk.model is not None, failed=scanned.failed)
    borne_out = {finding.fingerprint: finding for finding in heard.borne_out}
    found = [borne_out.get(finding.fingerprint, finding) for finding in scanned.findings]
    settled, unsure = parted(found, snapshot.policy, desk.judging.left)
    sure, doubtful = parted(heard.findings, snapshot.policy, desk.judging.left)
    merged = with_rules(settled, sure)
    ranked = rank([*merged.kept, *unsure, *doubtful], snapshot.policy, desk.judging.left, background.record)
    coverage, why = coverage_of(
        files, snapshot.change.unlisted_files, desk.model is not None, missing, scanned.left_out
    )
    costs = [answer.cost_usd for answer in answers if not answer.missing_because]
    receipt = Receipt(
        coverage=coverage,
        result=Result.FINDINGS if ranked.findings else Result.CLEAN,
        reason=why,
        base_sha=snapshot.change.base_sha,
        head_sha=snapshot.change.head_sha,
        files=files,
        rules=scanned.rules,
        model=next((answer.model for answer in answers if answer.model), None),
        prompt_versions={answer.prompt: answer.prompt_version for answer in answers if answer.prompt},
        tokens=sum((answer.use for answer in answers), ModelUse()),
        cost_usd=sum(cost or 0.0 for cost in costs) if costs and None not in costs else None,
        notes=tuple(_notes(desk, scanned, heard)),
        model_missing_because=missing,
        doubted=len(heard.findings) + len(heard.refuted) if heard.doubts else 0,
        refuted=len(heard.refuted),
        model_is_refused=any(answer.is_final for answer in answers),
    )
    of_answers = (dropped for answer in answers for dropped in answer.dropped)
    dropped = (*scanned.dropped, *of_answers, *heard.dropped, *merged.dropped, *ranked.dropped)
    posture = without_told(scanned.posture, ranked.findings)
    return Review(
        receipt=receipt,
        findings=ranked.findings,
        posture=posture,
        refuted=heard.refuted,
        held_back=held_back(dropped),
        dropped=dropped,
    )


def _missing(scanned: Scanned, heard: Heard) -> str:
    """Why the model's part is not all there."""
    if scanned.capped and not scanned.questions:
        return scanned.capped
    unread = (answer.missing_because for answer in heard.readings if answer.missing_because)
    if because := next(unread, ""):
        return because
    if heard.silent_because:
        return f"{counted(heard.unchallenged, 'finding')} could not be put in doubt, {heard.silent_because}"
    return ""


def _notes(desk: Desk, scanned: Scanned, heard: Heard) -> Iterator[str]:
    yield from (*desk.snapshot.in_force.notes, *desk.judging.notes, *scanned.notes)
    if not desk.has_model:
        yield "No model is configured: rules only. Set SEAWALL_LLM__MODEL (or OPENAI_API_KEY) to add one."
    elif desk.model is None:
        yield "Policy keeps this repository's code from the model: rules only."
    elif scanned.questions and scanned.profile is not desk.profile:
        yield f"Read under the profile {scanned.profile} instead of {desk.profile}: {scanned.capped}."
    yield from dict.fromkeys(note for answer in heard.answers for note in answer.notes)
    if heard.waiting:
        told = counted(heard.waiting, "finding")
        yield f"{told} of rules without a record put to the model: {len(heard.borne_out) or 'none'} borne out."
    if heard.unchallenged and not heard.silent_because:
        told = counted(heard.unchallenged, "finding")
        yield f"{told} of the model held back: it did not defend {'it' if heard.unchallenged == 1 else 'them'}."


def not_reviewed(base_sha: str, head_sha: str, reason: str) -> Review:
    """The receipt of a run that could not read anything."""
    receipt = Receipt(coverage=Coverage.NONE, result=Result.CLEAN, reason=reason, base_sha=base_sha, head_sha=head_sha)
    return Review(receipt=receipt)
