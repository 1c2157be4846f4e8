"""One review, from the change to the answer: the same in the worker, on a laptop and in a CI job.

What differs is handed in: the `step` runner (a plain call, or a durable step) and `ask` (a plain call, or a durable
child that a queue throttles). A step gives back plain JSON, so a run that was killed goes on after its last step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.domain import (
    Ask,
    Coverage,
    Dropped,
    Finding,
    Model,
    ModelAnswer,
    ModelUse,
    PostureChange,
    Receipt,
    Record,
    Result,
    Review,
    Step,
)
from bot.errors import ModelRefused, ModelUnavailable
from bot.posture import PairScan, change_between, scan_all
from bot.review.chains import chain_findings, without_told
from bot.review.excerpt import ScopeOf, no_scope
from bot.review.fleet import InFleet, alone
from bot.review.judging import NO_JUDGING, Judging, rules_run, troubles
from bot.review.rank import rank
from bot.review.receipt import coverage_of
from bot.review.snapshot import Snapshot
from bot.rules import ScanOptions
from bot.rules.teams.scanning import with_own_rules
from bot.syntax.guard import Guard

if TYPE_CHECKING:
    from bot.review.context import Packed


class Scanned(Record):
    """What the rules said, and what is there to be asked of the model. Holds no file's content."""

    findings: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]
    failed: dict[str, str]
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()
    questions: int = 0
    left_out: tuple[str, ...] = ()
    posture: PostureChange | None = None


class Background(Record):
    """What the record tells a run before it reads: files the model has read as they are, and what people taught."""

    unchanged: tuple[str, ...] = ()
    """Paths that are not shown to the model again."""
    guidance: str = ""
    """Added to policy's guidelines."""


class Answered(Record):
    """What became of one question to the model. Holds findings already verified."""

    paths: tuple[str, ...] = ()
    """Files that the question showed, whole or in part."""
    findings: tuple[Finding, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    model: str = ""
    prompt: str = ""
    prompt_version: str = ""
    use: ModelUse = ModelUse()
    cost_usd: float | None = None
    missing_because: str = ""
    retry_after_s: float | None = None
    is_final: bool = False
    """True where asking again would not help (wrong key, unknown model)."""


@dataclass(frozen=True)
class Desk:
    """What one run works with."""

    snapshot: Snapshot
    guard: Guard
    model: Model | None
    """The model to ask; None where none is configured, or policy keeps this code from it."""
    today: str
    input_budget: int
    scope_of: ScopeOf = no_scope
    judging: Judging = NO_JUDGING
    in_fleet: InFleet = alone
    has_model: bool = False
    """True where a model is configured, whether or not policy lets it see this code."""


class Examined(NamedTuple):
    """A review before anybody recalls what was said earlier."""

    review: Review
    read_by_model: tuple[str, ...]
    """Files that the model was shown whole, and answered."""


def examine(desk: Desk, step: Step, ask: Ask) -> Review:
    """Scan, reason, verify, rank: everything but the words and the publishing. `duration_s` is left at 0."""
    return examine_again(desk, step, ask, Background()).review


def examine_again(desk: Desk, step: Step, ask: Ask, background: Background) -> Examined:
    """The same, with what the record knows of earlier heads."""
    scanned = Scanned.from_json(step("scan", lambda: scan(desk, background).to_json()))
    answers = []
    if scanned.questions:
        known = [finding.to_json() for finding in scanned.findings]
        shared = {"known": known, "background": background.to_json()}
        questions = [{"index": index} | shared for index in range(scanned.questions)]
        answers = [Answered.from_json(answer) for answer in ask(questions)]
    return Examined(assemble(desk, scanned, answers), _read_whole(scanned, answers))


def _read_whole(scanned: Scanned, answers: Sequence[Answered]) -> tuple[str, ...]:
    shown = {path for answer in answers for path in answer.paths}
    unanswered = {path for answer in answers if answer.missing_because for path in answer.paths}
    cut = {path for path in shown if any(part.startswith(f"{path} (") for part in scanned.left_out)}
    return tuple(sorted(shown - unanswered - cut))


def scan(desk: Desk, background: Background | None = None) -> Scanned:
    """Runs the rules over the change and counts the questions for the model."""
    snapshot = desk.snapshot
    options = ScanOptions(
        rules_off=snapshot.policy.rules_off, include_tests=snapshot.policy.include_tests, whole=False, today=desk.today
    )
    scans = scan_all(desk.guard, (*snapshot.pairs, *snapshot.gone), options)
    ruled = [scan.rules for scan in scans[: len(snapshot.pairs)]]
    files = with_own_rules(desk.guard, snapshot.pairs, ruled, options, desk.judging.own)
    posture = _posture(desk, scans)
    chains = chain_findings(posture, snapshot, desk.guard, desk.today)
    findings = (*(finding for file in files for finding in file.findings), *chains.findings)
    questions, left_out = 0, tuple[str, ...]()
    if desk.model is not None:
        packed = pack_questions(desk, findings, background)
        questions, left_out = len(packed.questions), packed.left_out
    return Scanned(
        findings=findings,
        dropped=(*(dropped for file in files for dropped in file.dropped), *chains.dropped),
        failed={file.path: file.failure.removeprefix(f"{file.path}: ") for file in files if file.failure},
        rules=rules_run(files, snapshot.policy, desk.judging),
        notes=troubles(files),
        questions=questions,
        left_out=left_out,
        posture=posture,
    )


def _posture(desk: Desk, scans: Sequence[PairScan]) -> PostureChange | None:
    policy = desk.snapshot.policy.posture
    change = change_between(scans, policy.services, policy.service)
    return desk.in_fleet(change) if change is not None else None


def reason(desk: Desk, question: Mapping[str, Any]) -> Answered:
    """Asks the model one question and believes only what it can prove. Never raises for a model that is away."""
    from bot.review.reason import ask_model  # what only the model's part needs, a run by the rules does without
    from bot.review.trying import with_tried_suggestions
    from bot.review.verify import verify

    assert desk.model is not None, "only a run with a model asks questions"
    known = tuple(Finding.from_json(finding) for finding in question["known"])
    background = Background.from_json(question.get("background", {}))
    packed = pack_questions(desk, known, background).questions[question["index"]]
    name, paths = desk.model.name, packed.paths
    try:
        answer = ask_model(desk.model, packed)
    except ModelUnavailable as away:
        return Answered(model=name, paths=paths, missing_because=str(away), retry_after_s=away.retry_after_s)
    except ModelRefused as refused:
        return Answered(model=name, paths=paths, missing_because=str(refused), is_final=True)
    kept, dropped = verify(answer.candidates, desk.snapshot.change, desk.snapshot.contents, known, desk.scope_of)
    return _answered(answer, paths, with_tried_suggestions(desk, kept), dropped)


def assemble(desk: Desk, scanned: Scanned, answers: Sequence[Answered]) -> Review:
    """The review of what rules and model found. Pure."""
    snapshot = desk.snapshot
    missing = next((answer.missing_because for answer in answers if answer.missing_because), "")
    refused = any(answer.is_final for answer in answers)
    files = snapshot.files(read_by_model=desk.model is not None, failed=scanned.failed)
    found = [*scanned.findings, *(f for answer in answers for f in answer.findings)]
    ranked = rank(found, snapshot.policy, desk.judging.left)
    coverage, why = coverage_of(
        files, snapshot.change.unlisted_files, desk.model is not None, missing, scanned.left_out
    )
    notes = [*snapshot.in_force.notes, *desk.judging.notes, *scanned.notes]
    if not desk.has_model:
        notes.append("No model is configured: rules only. Set SEAWALL_LLM__MODEL (or OPENAI_API_KEY) to add one.")
    elif desk.model is None:
        notes.append("Policy keeps this repository's code from the model: rules only.")
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
        notes=tuple(notes),
        model_missing_because=missing,
        model_is_refused=refused,
    )
    dropped = [*scanned.dropped, *(d for answer in answers for d in answer.dropped), *ranked.dropped]
    posture = without_told(scanned.posture, ranked.findings)
    return Review(receipt=receipt, findings=ranked.findings, posture=posture, dropped=tuple(dropped))


def not_reviewed(base_sha: str, head_sha: str, reason: str) -> Review:
    """The receipt of a run that could not read anything."""
    receipt = Receipt(coverage=Coverage.NONE, result=Result.CLEAN, reason=reason, base_sha=base_sha, head_sha=head_sha)
    return Review(receipt=receipt)


def pack_questions(desk: Desk, findings: Sequence[Finding], background: Background | None = None) -> "Packed":
    """The questions to the model. The same every time for the same change, so that a resumed run asks the same."""
    from bot.review.context import pack

    snapshot, background = desk.snapshot, background or Background()
    return pack(
        snapshot.change,
        {path: content for path, content in snapshot.contents.items() if path not in background.unchanged},
        findings,
        "\n\n".join(part for part in (snapshot.policy.guidelines, background.guidance) if part),
        desk.input_budget,
        scope_of=desk.scope_of,
    )


def _answered(
    answer: ModelAnswer, paths: Sequence[str], findings: Sequence[Finding], dropped: Sequence[Dropped]
) -> Answered:
    malformed = [Dropped(reason="malformed", detail="did not fit the schema")] * answer.malformed
    return Answered(
        paths=tuple(paths),
        findings=tuple(findings),
        dropped=(*dropped, *malformed),
        model=answer.model,
        prompt=answer.prompt,
        prompt_version=answer.prompt_version,
        use=answer.use,
        cost_usd=answer.cost_usd,
    )
