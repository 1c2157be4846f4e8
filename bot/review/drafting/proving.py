"""A drafted rule proves itself by machine, or it is not kept: it loads, passes its own examples, finds the defect that
people confirmed, leaves the mended code alone, and finds few other places."""

from dataclasses import dataclass
from functools import partial

from bot.domain import DraftedRule, FoundText, PolicyTexts
from bot.errors import GuardError
from bot.redaction import MASK, masked_closely
from bot.review.drafting.case import Case
from bot.review.drafting.elsewhere import Elsewhere
from bot.review.drafting.writing import path_of
from bot.review.quote import Place
from bot.review.stages import Desk
from bot.rules.teams import TeamRule, read_rules
from bot.rules.teams.running import matches
from bot.rules.teams.vetting import verdicts
from bot.syntax import parse

MOST_PLACES = 20
"""A rule that finds more places of one head than this is about a habit and not about a defect."""
_SHOWN = 5
_NEAR = 6
"""Lines before the quoted ones at which a match that holds them may begin: its function is too far away."""


@dataclass(frozen=True)
class Proof:
    """`fault`: why it is not kept, in words that a model can act on; empty where it is."""

    fault: str = ""
    places: tuple[str, ...] = ()
    """Other places of the head that it finds: `path:line`."""
    files: int = 0
    tried_all: bool = True
    """False where more files may hold what it looks for."""


@dataclass(frozen=True)
class _Match:
    start_line: int
    end_line: int
    scope: str


def flaw_in_words(drafted: DraftedRule, toml: str) -> str:
    """What can be said before anything is run."""
    if MASK in toml or masked_closely(toml) != toml:
        return "it holds a secret, or the mask that stands for one; use made-up values"
    if not drafted.good:
        return "it has no good example; give at least one that is near the bad one and fine"
    return ""


def proof_of(laid: Desk, case: Case, name: str, drafted: DraftedRule, toml: str, tried_on: Elsewhere) -> Proof:
    """Runs in guarded processes what runs the rule."""
    if flaw := flaw_in_words(drafted, toml):
        return Proof(flaw)
    read = read_rules(PolicyTexts(rules=(FoundText(path=path_of(name), text=toml),)))
    if not read.rules:
        return Proof(" ".join(read.problems))
    (rule,) = read.rules
    (verdict,) = verdicts(laid.guard, [rule])
    if verdict.reason:
        return Proof(verdict.reason)
    return _on_the_code(laid, case, rule, tried_on)


def finds(laid: Desk, rule: TeamRule, case: Case) -> bool:
    """Whether this rule finds the defect already."""
    (found,) = laid.guard.map(partial(_found_in, rule=rule), [(case.path, case.content)])
    return not isinstance(found, GuardError) and any(_is_at(one, case.place) for one in found)


def _on_the_code(laid: Desk, case: Case, rule: TeamRule, tried_on: Elsewhere) -> Proof:
    others = [(path, content) for path, content in tried_on.files if path != case.path]
    mended = [(case.path, case.mended)] if case.mended is not None else []
    answers = laid.guard.map(partial(_found_in, rule=rule), [(case.path, case.content), *mended, *others])
    if broken := next((one for one in answers if isinstance(one, GuardError)), None):
        return Proof(f"it broke the process that ran it: {broken}")
    found = [one for one in answers if not isinstance(one, GuardError)]
    here, elsewhere = found[0], found[1 + len(mended) :]
    at_defect = [one for one in here if _is_at(one, case.place)]
    if not at_defect:
        lines = f"line {case.place.start_line}" if _is_one_line(case.place) else f"lines {_span(case.place)}"
        where = f"; it finds line {here[0].start_line} instead" if here else ""
        return Proof(f"it does not find the defect at {lines} of {case.path}{where}")
    if mended and (still := _still_there(case, here, found[1])):
        return Proof(f"it finds the mended code too, at line {still} of {case.path} as it is now")
    places = [f"{case.path}:{one.start_line}" for one in here if one not in at_defect]
    places += [
        f"{path}:{one.start_line}" for (path, _), matched in zip(others, elsewhere, strict=True) for one in matched
    ]
    if len(places) > MOST_PLACES:
        return Proof(
            f"it finds {len(places)} other places, among them {', '.join(places[:_SHOWN])}; that is a habit and not "
            "this defect: say more of what makes it one"
        )
    return Proof("", tuple(places), 1 + len(others), tried_on.is_all)


def _still_there(case: Case, before: list[_Match], after: list[_Match]) -> int:
    """A line of the mended code that it finds; 0 where it finds less there than before."""
    was = [one for one in before if one.scope == case.scope]
    there = [one for one in after if one.scope == case.scope]
    return there[0].start_line if there and len(there) >= len(was) else 0


def _found_in(asked: tuple[str, bytes], rule: TeamRule) -> list[_Match]:
    path, content = asked
    file = parse(path, content)
    if file is None or file.language.name not in rule.languages:
        return []
    return [_Match(shape.start_line, shape.end_line, shape.scope) for shape in matches(rule, file)[0]]


def _is_at(match: _Match, place: Place) -> bool:
    """It begins at the quoted lines, or holds them and little more."""
    return place.start_line <= match.start_line <= place.end_line or (
        match.start_line <= place.start_line
        and place.end_line <= match.end_line
        and place.start_line - match.start_line <= _NEAR
    )


def _is_one_line(place: Place) -> bool:
    return place.start_line == place.end_line


def _span(place: Place) -> str:
    return f"{place.start_line} to {place.end_line}"
