"""Makes questions of a change, each within the model's budget: the code, and what a reader of it must know.

Which code goes into which question depends on the change alone: what stands around it is added to each afterwards, so
that a run which is resumed, and can look around no more, asks the same questions. They hold code and are never stored.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import Change, Finding, Patch, PatchStatus, Profile, Record
from bot.llm import estimate_tokens, load_prompt
from bot.redaction import masked_closely
from bot.review.dividing import Divided, Kin, divide
from bot.review.excerpt import Extent, Hide, ScopeOf, no_scope
from bot.review.overview import overview, splitting_advice
from bot.review.surroundings.affinity import by_kinship
from bot.review.surroundings.around import Around
from bot.review.surroundings.gathering import Gathered
from bot.review.surroundings.packing import APPETITES, choose
from bot.review.surroundings.reading import Facts

MOST_QUESTIONS = 12
_MOST_TITLE_TOKENS = 100
_PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc")
_CODE_SHARE = {Profile.ECONOMY: 0.8, Profile.BALANCED: 0.65, Profile.THOROUGH: 0.5}
"""Of a full question; the rest is kept for what stands around the code."""
_ADVICE_SHARE = {Profile.ECONOMY: 24, Profile.BALANCED: 12, Profile.THOROUGH: 8}
"""One part in so many is kept for guidelines and as much for what is known of the change."""
_EXTENT = {
    Profile.ECONOMY: Extent(80, 100, 10),
    Profile.BALANCED: Extent(150, 240, shows_before=True),
    Profile.THOROUGH: Extent(200, 400, shows_before=True),
}
_MOST_NAMED = 6


class Question(Record):
    """One request to the model. `inputs` are those of the reviewing prompt."""

    index: int
    paths: tuple[str, ...]
    inputs: dict[str, str]


@dataclass(frozen=True)
class Packed:
    questions: tuple[Question, ...] = ()
    left_out: tuple[str, ...] = ()
    """Paths, or parts of them, that the model is not shown, each with the reason in brackets."""
    notes: tuple[str, ...] = ()
    """What a reader of the receipt must know: what was not shown of the code around, and why; what to split."""


@dataclass(frozen=True)
class Known:
    """What is known beside the change itself. `around` is asked once the questions are settled."""

    facts: Sequence[Facts] = ()
    kin: Kin | None = None
    around: Callable[[], Gathered] = Gathered
    about: Sequence[str] = ()
    """What is known of the change beside the code, the dearest first: threads, issues, incidents, posture."""

    @classmethod
    def at(cls, around: Around | None, about: Sequence[str]) -> "Known":
        """With what a desk has of the code around."""
        return cls(about=about) if around is None else cls(around.facts, around.kin, around.gathered, about)


def pack(
    change: Change,
    contents: Mapping[str, bytes],
    rule_findings: Sequence[Finding] = (),
    guidelines: str = "",
    budget_tokens: int = 24_000,
    *,
    scope_of: ScopeOf = no_scope,
    most_questions: int = MOST_QUESTIONS,
    profile: Profile = Profile.BALANCED,
    known: Known | None = None,
    prompts: Sequence[str] = ("review",),
    hide: Hide = masked_closely,
) -> Packed:
    """Questions on the changed files of `contents` (path → head bytes), within the budget with any of the prompts."""
    known = known or Known()
    of_change = {
        "title": first_lines(change.title, _MOST_TITLE_TOKENS, hide),
        "description": first_lines(change.body, budget_tokens // 12, hide),
    }
    side_notes, advice_share = budget_tokens // 12, budget_tokens // _ADVICE_SHARE[profile]
    overhead = max(load_prompt(prompt).overhead(of_change) for prompt in prompts)
    room = budget_tokens - overhead - 3 * side_notes - advice_share
    fixed = of_change | {"guidelines": first_lines(guidelines, advice_share, hide)}
    code_room = int(room * _CODE_SHARE[profile])
    divided = _divide(change, contents, code_room, scope_of, most_questions, profile, known.kin, hide)
    lines = overview(sorted(change.patches, key=lambda patch: patch.path), known.facts)
    gathered = known.around() if divided.loads else Gathered()
    about = as_many_as_fit(map(hide, known.about), min(side_notes, advice_share))
    questions, unshown = [], dict.fromkeys(divided.told_once)
    for index, load in enumerate(divided.loads):
        ruled = (finding for finding in rule_findings if finding.path in load.paths)
        appetite = APPETITES[profile]
        around = choose(
            gathered.pieces, load.paths, load.lines, appetite.tokens(load.tokens, room - load.tokens), appetite
        )
        unshown |= dict.fromkeys(around.left_out)
        inputs = fixed | {
            "known": as_many_as_fit(sorted(map(_known_line, ruled)), side_notes),
            "about": about,
            "surroundings": around.text,
            "elsewhere": as_many_as_fit((line for path, line in lines.items() if path not in load.paths), side_notes),
            "code": "\n\n".join(piece.text for piece in load.pieces),
        }
        questions.append(Question(index=index, paths=load.paths, inputs=inputs))
    advice = splitting_advice([*contents], known.kin or {}, divided.wanted)
    notes = tuple(note for note in (advice, gathered.note, _unshown(list(unshown))) if note)
    return Packed(tuple(questions), tuple(dict.fromkeys(divided.left_out)), notes)


def first_lines(prose: str, tokens: int, hide: Hide = masked_closely) -> str:
    """Whole lines up to so many tokens; only where the first is longer by itself is it cut, after a word."""
    prose = hide(prose)  # before it is cut: half a secret is one nobody recognises
    if estimate_tokens(prose) <= tokens:
        return prose
    shown = ""
    for piece in re.findall(r"[^\n]*\n|[^\n]+", prose):
        if estimate_tokens(shown + piece) > tokens - 3:
            break
        shown += piece
    if not shown:
        for word in re.findall(r"\S+\s*", prose):
            if estimate_tokens(shown + word) > tokens - 3:
                break
            shown += word
    return shown.rstrip() + " […]"


def as_many_as_fit(lines: Iterable[str], tokens: int) -> str:
    """Whole lines up to this many tokens; the rest is counted."""
    listed = list(lines)
    shown: list[str] = []
    for line in listed:
        tokens -= estimate_tokens(line + "\n")
        if tokens < 10:
            shown.append(f"(and {len(listed) - len(shown)} more)")
            break
        shown.append(line)
    return "\n".join(shown)


def _divide(
    change: Change,
    contents: Mapping[str, bytes],
    room: int,
    scope_of: ScopeOf,
    most_questions: int,
    profile: Profile,
    kin: Kin | None,
    hide: Hide,
) -> Divided:
    patches = {
        patch.path: patch
        for patch in sorted(change.patches, key=_priority)
        if patch.path in contents and patch.status is not PatchStatus.REMOVED and patch.hunks
    }
    ordered: list[Patch] = []
    for rank in dict.fromkeys(_priority(patch)[:2] for patch in patches.values()):
        same = [path for path, patch in patches.items() if _priority(patch)[:2] == rank]
        ordered += [patches[path] for path in by_kinship(same, kin or {})]
    return divide(ordered, contents, room, most_questions, scope_of, kin or {}, _EXTENT[profile], hide)


def _priority(patch: Patch) -> tuple[bool, bool, str]:
    """Code before tests before prose, so that a budget is spent where it tells most."""
    path = patch.path.lower()
    return path.endswith(_PROSE), "test" in path, patch.path


def _unshown(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    more = f", and {len(titles) - _MOST_NAMED} more" if len(titles) > _MOST_NAMED else ""
    return f"Of the code around the change, the model was not shown: {', '.join(titles[:_MOST_NAMED])}{more}."


def _known_line(finding: Finding) -> str:
    return f"{finding.path}:{finding.start_line} {finding.rule} — {finding.title}"
