"""Writes a proof: asks the model, checks what comes, lets it be repaired once; without a model, our own template."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from posixpath import dirname

from bot.domain import Finding, ModelText
from bot.errors import GuardError, SourceError
from bot.review.excerpt import head_lines
from bot.review.filter import code as code_span
from bot.review.proving.absent import absent_imports
from bot.review.proving.appending import appendix_of, whole_with
from bot.review.proving.checking import reasons_against
from bot.review.proving.ground import Ground, ground_of
from bot.review.proving.record import PROVE, Appendix, NoProof, Proof, Proved
from bot.review.proving.target import Written, read_written
from bot.review.proving.templates import NEEDS, from_template
from bot.review.quote import Place
from bot.review.stages import Desk
from bot.review.told import finding_told, lines_around, rule_told
from bot.syntax import language_of

_ROOM = 0.4
"""Of `llm.max_input_tokens`, for code; the model test and the prompt take their share of the rest."""
_MOST_MODEL_CHARS = 8000
_MOST_AROUND_TOKENS = 2500
_MOST_CALLERS = 8
_MOST_REASONS = 3
"""Told at once, as a test is repaired but once."""
AskModel = Callable[[str, Mapping[str, str]], ModelText]
"""Prompt and inputs. Whatever it raises goes through."""


def proved(laid: Desk, finding: Finding, ask: AskModel | None) -> Proved:
    """A test that shows the finding, or why there is none. `ask` None: no model may be asked."""
    try:
        ground = ground_of(laid, finding)
    except SourceError as failure:  # the change itself may hold a test
        ground = ground_of(replace(laid, search=None, search_missing=str(failure)), finding)
    if isinstance(ground, NoProof):
        return Proved(none=ground)
    return _by_template(laid, ground) if ask is None else _by_model(laid, ground, ask)


def _by_template(laid: Desk, ground: Ground) -> Proved:
    text = from_template(ground)
    if isinstance(text, NoProof):
        return Proved(none=text)
    if reasons := _reasons_against(laid, ground, text):
        return Proved(none=NoProof(reason=f"our own template does not fit here: {reasons[0]}", needs=NEEDS))
    return Proved(proof=_proof(laid, ground, text, "Check that the arguments in it are ones your function takes."))


def _by_model(laid: Desk, ground: Ground, ask: AskModel) -> Proved:
    inputs = inputs_for(laid, ground)
    first = ask(PROVE, inputs)
    paid = _paid(Proved(), first)
    if first.replacement is None:
        return paid.model_copy(
            update={"none": NoProof(reason="the model says that it can write none", needs=first.text)}
        )
    reasons = _reasons_against(laid, ground, first.replacement)
    if not reasons:
        return paid.model_copy(update={"proof": _proof(laid, ground, first.replacement, first.text, first.model)})
    second = ask(
        PROVE,
        {**inputs, "earlier": first.replacement, "refused": f"Refused because {'; '.join(reasons[:_MOST_REASONS])}."},
    )
    paid = _paid(paid, second)
    again = _reasons_against(laid, ground, second.replacement) if second.replacement else ["it was taken back"]
    if second.replacement and not again:
        return paid.model_copy(update={"proof": _proof(laid, ground, second.replacement, second.text, second.model)})
    return paid.model_copy(
        update={"none": NoProof(reason=f"what the model wrote was refused twice: first {reasons[0]}; then {again[0]}")}
    )


def inputs_for(laid: Desk, ground: Ground) -> dict[str, str]:
    """What the prompt is given: all of it untrusted but the fault and the framework, which are ours."""
    finding, target = ground.finding, ground.target
    callers = ", ".join(target.callers[:_MOST_CALLERS])
    place = [
        f"The code: {finding.path}, function {target.qualified or target.name}",
        f"It is called in the same file by: {callers}" if callers else "Nothing else in the same file calls it.",
        f"The test will be the file: {ground.path}",
    ]
    if ground.model_path:
        place.append(f"The test shown as a model: {ground.model_path}")
    framework = ground.framework
    return {
        "fault": f"{ground.fault.title}. {ground.fault.does} {ground.fault.sees}",
        "framework": framework.title,
        "finding": finding_told(finding),
        "rule": rule_told(finding.rule).partition("## Examples")[0].strip(),
        "place": "\n".join(place),
        "code": lines_around(laid, finding.path, Place(ground.line, ground.line), laid.input_budget * _ROOM),
        "surroundings": _surroundings(laid, finding.path),
        "model": _shown(ground.model_path, ground.model),
        "shared": _shown("", ground.shared),
        "earlier": "",
        "refused": "",
    }


def _reasons_against(laid: Desk, ground: Ground, text: str) -> list[str]:
    (written,) = laid.guard.map(read_written, [(ground.path, text.encode())])
    if isinstance(written, GuardError):
        return ["it could not be parsed"]
    reasons = reasons_against(text, written, ground)
    absent = absent_imports(laid, ground, written.code) if written else []
    told = f"it imports {', '.join(map(code_span, absent[:3]))}, which is not in the repository"
    return [*reasons, told] if absent else reasons


def _proof(laid: Desk, ground: Ground, text: str, words: str, writer: str = "") -> Proof:
    language = language_of(ground.path)
    folder = ground.path.rpartition("/")[0] or "."
    return Proof(
        path=ground.path,
        text=text.rstrip("\n"),
        language=language.fences if language else "",
        framework=ground.framework.title,
        run=ground.framework.run.format(path=shlex.quote(ground.path), folder=shlex.quote(folder)),
        has_folder=folder in {dirname(known) or "." for known in (ground.model_path, ground.finding.path) if known},
        fault=ground.fault.title,
        words=words,
        writer=writer,
        appendix=_appendix(laid, ground, text),
    )


def _appendix(laid: Desk, ground: Ground, text: str) -> Appendix | None:
    """Where the pull request itself writes at the end of the test that was the model."""
    path = ground.model_path
    content = laid.snapshot.contents.get(path, b"").decode("utf-8", "replace")
    whole = whole_with(content, text, ground.tongue)
    if whole is None:
        return None
    asked = [(path, content.encode()), (path, whole.encode()), (path, text.encode())]
    before, after, added = laid.guard.map(read_written, asked)
    if not (isinstance(before, Written) and isinstance(after, Written) and isinstance(added, Written)):
        return None
    return appendix_of(path, content, whole, before, after, added, laid.snapshot.change.by_path.get(path))


def _surroundings(laid: Desk, path: str) -> str:
    """Pieces around that file, the dearest that fit; empty where no model reads the change anyway."""
    left = _MOST_AROUND_TOKENS
    shown = []
    pieces = laid.around.gathered().pieces if laid.around is not None else ()
    for piece in sorted(pieces, key=lambda piece: (-piece.value, piece.path, piece.line)):
        if path not in piece.serves or piece.kind == "test":
            continue
        form = next((form for form in piece.forms if form.tokens <= left), None)
        if form is not None:
            shown.append(form.text)
            left -= form.tokens
    return "\n\n".join(shown)


def _shown(path: str, text: str) -> str:
    """As the model is shown any file: secrets masked, nothing that does not show."""
    shown = "\n".join(head_lines(path or "test", text.encode("utf-8", "replace"))) if text else ""
    return shown if len(shown) <= _MOST_MODEL_CHARS else f"{shown[:_MOST_MODEL_CHARS]}\n(and more)"


def _paid(so_far: Proved, answer: ModelText) -> Proved:
    costs = [cost for cost in (so_far.cost_usd, answer.cost_usd) if cost is not None]
    return so_far.model_copy(
        update={
            "model": answer.model,
            "prompt": answer.prompt,
            "prompt_version": answer.prompt_version,
            "use": so_far.use + answer.use,
            "cost_usd": sum(costs) if costs else None,
        }
    )
