"""Asks the model one question, and believes only what it can prove. Never raises for a model that is away."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import Challenge, Dropped, Finding, Model, ModelAnswer, ModelDoubts, Profile
from bot.errors import ModelRefused, ModelUnavailable
from bot.llm import load_prompt
from bot.review.context import Question
from bot.review.doubt import challenged, inputs_of
from bot.review.proving.record import PROVE
from bot.review.questions import DOUBT, pack_questions
from bot.review.stages import Answered, Background, Desk
from bot.review.trying import with_tried_suggestions
from bot.review.verify import verify


def answer_to(desk: Desk, question: Mapping[str, Any]) -> Answered:
    """What became of a question of bot.review.questions, a reading or a challenge, or of a wish for a fault test."""
    assert desk.model is not None, "only a run with a model asks questions"
    if question["prompt"] == PROVE:
        return _proved(desk, desk.model, Finding.from_json(question["prove"]))
    known = tuple(Finding.from_json(finding) for finding in question["known"])
    background = Background.from_json(question["background"])
    packed = pack_questions(desk, known, background, Profile(question["profile"]))
    part = packed.questions[question["index"]]
    blank = Answered(index=part.index, paths=part.paths, model=desk.model.name)
    try:
        if question["prompt"] == DOUBT:
            findings = tuple(Finding.from_json(finding) for finding in question["doubt"])
            return _doubted(desk, part, blank, findings)
        return _read(desk, part, blank, question["prompt"])
    except (ModelUnavailable, ModelRefused) as missing:
        return blank.model_copy(update=_why_missing(missing))


def ask_model(model: Model, part: Question, prompt: str) -> ModelAnswer:
    """The model's answer, nothing of it believed yet. Raises ModelUnavailable or ModelRefused."""
    return model.review(fitting(prompt, part.inputs), prompt)


def fitting(prompt: str, inputs: Mapping[str, str]) -> dict[str, str]:
    """What this prompt takes of the inputs of a reading; what it takes beyond them is empty."""
    return {name: inputs.get(name, "") for name in load_prompt(prompt).inputs}


def _read(desk: Desk, part: Question, blank: Answered, prompt: str) -> Answered:
    assert desk.model is not None
    answer = ask_model(desk.model, part, prompt)
    snapshot = desk.snapshot
    kept, dropped = verify(answer.candidates, snapshot.change, snapshot.contents, desk.scope_of, desk.secrets.restore)
    findings = tuple(with_tried_suggestions(desk, kept))
    return blank.model_copy(update=_origin(answer) | {"findings": findings, "dropped": (*dropped, *_malformed(answer))})


def _doubted(desk: Desk, part: Question, blank: Answered, findings: Sequence[Finding]) -> Answered:
    assert desk.model is not None
    answer = desk.model.doubt(
        fitting(DOUBT, inputs_of(part.inputs, findings, desk.snapshot.contents, desk.secrets.hide))
    )
    judged: list[Challenge] = challenged(answer.doubts, findings, part, desk.snapshot.contents, desk.secrets.restore)
    return blank.model_copy(update=_origin(answer) | {"challenges": tuple(judged), "dropped": _malformed(answer)})


def _proved(desk: Desk, model: Model, finding: Finding) -> Answered:
    from bot.review.proving.writing import proved  # few reviews want it

    try:
        return Answered(model=model.name, proved=proved(desk, finding, model.answer))
    except (ModelUnavailable, ModelRefused) as missing:
        return Answered(model=model.name).model_copy(update=_why_missing(missing))


def _why_missing(missing: ModelUnavailable | ModelRefused) -> dict[str, Any]:
    if isinstance(missing, ModelUnavailable):
        return {"missing_because": str(missing), "retry_after_s": missing.retry_after_s}
    return {"missing_because": str(missing), "is_final": True}


def _origin(answer: ModelAnswer | ModelDoubts) -> dict[str, Any]:
    return {
        "model": answer.model,
        "prompt": answer.prompt,
        "prompt_version": answer.prompt_version,
        "use": answer.use,
        "cost_usd": answer.cost_usd,
        "notes": answer.notes,
    }


def _malformed(answer: ModelAnswer | ModelDoubts) -> tuple[Dropped, ...]:
    return (Dropped(reason="malformed", detail="did not fit the schema"),) * answer.malformed
