"""From a confirmed finding to a draft on record: asked for, proved, sent back once with the reason, and kept."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain import Finding, FoundText, Model, ModelText, Point, PolicyTexts, PullRequest, RuleDraft
from bot.llm import load_prompt
from bot.review.drafting.case import Case, NoCase, ReadAt, case_of, outline_there
from bot.review.drafting.elsewhere import elsewhere
from bot.review.drafting.proving import Proof, finds, proof_of
from bot.review.drafting.writing import name_of, path_of, toml_of
from bot.review.stages import Desk
from bot.rules.teams import TeamRule, read_rules
from bot.settings.beside import OWN

PROMPT = "draft-rule"
TRIES = 2
_SHOWN_RULES = 2
_MOST_SHOWN = 1500


@dataclass(frozen=True)
class Wanted:
    """A draft to be made. `id` and `at` are those of its record; `asked_by` is empty where nobody asked."""

    id: str
    pull_request: PullRequest
    point: Point
    at: str
    asked_by: str = ""

    def record(self, **what: object) -> RuleDraft:
        finding = self.point.finding
        told = {
            "id": self.id,
            "repository_id": self.pull_request.repository.id,
            "number": self.pull_request.number,
            "fingerprint": self.point.fingerprint,
            "rule": finding.rule,
            "asked_by": self.asked_by,
            "at": self.at,
        }
        return RuleDraft.model_validate(told | what)


def drafted(
    laid: Desk, model: Model, wanted: Wanted, read_at: ReadAt, earlier: Collection[RuleDraft] = ()
) -> RuleDraft:
    """The draft, or why there is none. `earlier`: kept drafts of this repository; one that finds the defect will do.

    Raises ModelUnavailable, ModelRefused, and SeawallError where the code cannot be read.
    """
    if wanted.point.finding.source == "rule":
        return wanted.record(why_not=f"the rule {wanted.point.finding.rule} finds this already")
    try:
        case = case_of(laid, wanted.pull_request, wanted.point, read_at)
    except NoCase as nothing:
        return wanted.record(why_not=str(nothing))
    for rule in (*laid.judging.own, *_rules_of(earlier)):
        if case.language in rule.languages and finds(laid, rule, case):
            return wanted.record(why_not=f"{rule.full_name} finds it already ({rule.file})")
    return _tried(laid, model, wanted, case)


def tokens_of(finding: Finding) -> int:
    """About how many tokens a draft takes, both tries together, before the code is known."""
    return TRIES * (load_prompt(PROMPT).overhead({"finding": told(finding)}) + _MOST_SHOWN)


def told(finding: Finding) -> str:
    lines = f"{finding.title} ({finding.rule}, {finding.severity}), {finding.path}, in {finding.scope or 'the file'}"
    return f"{lines}\n{finding.body}\n\nThe lines it was reported on:\n{finding.evidence}"


def _tried(laid: Desk, model: Model, wanted: Wanted, case: Case) -> RuleDraft:
    inputs = _inputs(laid, case)
    taken = {rule.name for rule in laid.judging.own}
    proof, answer = Proof("it was not tried"), None
    for _ in range(TRIES):
        answer = model.answer(PROMPT, inputs)
        rule = answer.rule
        origin = {"model": answer.model, "prompt_version": answer.prompt_version}
        if rule is not None and not rule.looks_for.strip():
            return wanted.record(why_not=f"no rule can tell, says the model: {_first_words(answer)}", **origin)
        if rule is None:
            proof, toml = Proof("it does not hold what the schema asks for"), answer.text
        else:
            name = name_of(rule, taken)
            toml = toml_of(rule, case.language, _origin(wanted))
            proof = proof_of(laid, case, name, rule, toml, elsewhere(laid, rule, case.language))
            if not proof.fault:
                kept = {"name": f"{OWN}/{name}", "title": rule.title[:200], "toml": toml, "places": proof.places}
                return wanted.record(**kept, files=proof.files, tried_all=proof.tried_all, **origin)
        inputs = inputs | {"rejected": f"{proof.fault}\n\n{toml}"}
    assert answer is not None, "there is at least one try"
    return wanted.record(why_not=proof.fault, model=answer.model, prompt_version=answer.prompt_version)


def _inputs(laid: Desk, case: Case) -> dict[str, str]:
    return {
        "finding": told(case.point.finding),
        "language": case.language,
        "code": case.shown(),
        "tree": case.outline.tree,
        "mended": case.shown_mended(outline_there(laid, case)),
        "near": "\n\n".join(_as_shown(rule) for rule in _like(laid.judging.own, case.language)),
        "rejected": "",
    }


def _like(rules: Collection[TeamRule], language: str) -> list[TeamRule]:
    return [rule for rule in rules if language in rule.languages][:_SHOWN_RULES]


def _as_shown(rule: TeamRule) -> str:
    return f"{rule.full_name}: {rule.title}\n{(rule.pattern or rule.query)[:_MOST_SHOWN]}"


def _rules_of(earlier: Collection[RuleDraft]) -> tuple[TeamRule, ...]:
    """What earlier drafts would find if somebody adopted them."""
    texts = [
        FoundText(path=f"draft {draft.id}/{path_of(draft.name.removeprefix(f'{OWN}/'))}", text=draft.toml)
        for draft in earlier
        if draft.is_kept
    ]
    return read_rules(PolicyTexts(rules=tuple(texts))).rules


def _origin(wanted: Wanted) -> str:
    return (
        f"Drafted by Seawall from finding {wanted.point.handle} of {wanted.pull_request.repository.full_name}"
        f"#{wanted.pull_request.number}. It works once it lies on the base branch; change it as you like."
    )


def _first_words(answer: ModelText) -> str:
    return " ".join(answer.text.split())[:300]
