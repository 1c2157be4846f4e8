"""What of a change a model is shown when somebody asks about it: as much as its budget holds, the rest by name."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from bot.chat.asked import Asked
from bot.chat.command import Declined
from bot.domain import Finding, ModelText, Patch, PatchStatus, Point
from bot.errors import ModelRefused, ModelUnavailable
from bot.llm import estimate_tokens
from bot.review.excerpt import GAP, Excerpt, excerpts
from bot.review.filter import literal
from bot.review.pipeline import Desk
from bot.review.quote import HeadText, Place
from bot.review.spending import spending_on
from bot.review.told import lines_around

_ROOM = 0.6
"""Of `llm.max_input_tokens`, for code; the prompt, the words and an unlucky estimate take the rest."""
_ROOM_OF_FINDING = 0.35
"""The same where one finding is asked about, which seldom needs all of a large change."""
_MOST_ELSEWHERE = 60
_JOINT = f"\n     {GAP}\n"
_PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc")


class Shown(NamedTuple):
    code: str
    elsewhere: str
    """Paths that are changed too and did not fit, one a line; empty where all is shown."""
    lines: Mapping[str, frozenset[int]]
    """Path → numbers of the head lines that are shown."""


class Stand(NamedTuple):
    """Where a finding stands in the head, proved by its evidence."""

    head: HeadText
    place: Place


def ask_model(asked: Asked, prompt: str, inputs: dict[str, str]) -> ModelText:
    """The model's answer, booked to the pull request. Raises Declined where the model is away or will not answer."""
    assert asked.desk.model is not None, "commands that need a model are declined without one"
    with while_model_answers(), spending_on(asked.pull_request):
        return asked.desk.model.answer(prompt, inputs)


@contextmanager
def while_model_answers() -> Iterator[None]:
    """A model that is away, or will not answer, is told in words: raises Declined."""
    try:
        yield
    except ModelUnavailable as away:
        raise Declined(
            "The model is away", f"{literal(str(away))}. Ask again later; nothing else has changed.", state="failed"
        ) from away
    except ModelRefused as refused:
        raise Declined("The model does not answer this", f"{literal(str(refused))}.", state="failed") from refused


def change_shown(laid: Desk, budget_tokens: int, wanted: str = "", share: float = _ROOM) -> Shown:
    """The changed files with their changed parts, in this share of the budget; those that `wanted` names come first,
    then code before prose."""
    left = int(budget_tokens * share)
    shown: list[str] = []
    elsewhere: list[str] = []
    lines: dict[str, frozenset[int]] = {}
    for patch in sorted(laid.snapshot.change.patches, key=lambda patch: _priority(patch, wanted)):
        parts = _excerpts(laid, patch)
        text = f"### {patch.path} ({patch.status.value})\n{_JOINT.join(map(str, parts))}" if parts else ""
        cost = estimate_tokens(text + "\n\n")
        if text and cost <= left:
            shown.append(text)
            lines[patch.path] = frozenset(line.number for part in parts for line in part.lines if line.number)
            left -= cost
        else:
            elsewhere.append(patch.path)
    if len(elsewhere) > _MOST_ELSEWHERE:
        elsewhere = [*elsewhere[:_MOST_ELSEWHERE], f"(and {len(elsewhere) - _MOST_ELSEWHERE} more)"]
    return Shown("\n\n".join(shown) or "(none of the changed files can be shown)", "\n".join(elsewhere), lines)


def stand_of(laid: Desk, point: Point) -> Stand:
    """Raises Declined where the finding's code is not in the head any more."""
    finding = point.finding
    content = laid.snapshot.contents.get(finding.path)
    if content is not None:
        head = HeadText(finding.path, content)
        places = head.places(finding.evidence)
        if places:
            return Stand(head, min(places, key=lambda place: abs(place.start_line - finding.start_line)))
    raise Declined(
        "The code of this finding is not in the head any more",
        "It was changed or moved since; the next look at this pull request says what became of the finding.",
    )


def around(laid: Desk, stand: Stand, budget_tokens: int) -> Shown:
    """The code of a finding: its file's changed parts and what else of the change fits; where the finding would not be
    among it, the function that it stands in and some lines more."""
    path, place = stand.head.path, stand.place
    shown = change_shown(laid, budget_tokens, path, _ROOM_OF_FINDING)
    if {*range(place.start_line, place.end_line + 1)} <= shown.lines.get(path, frozenset()):
        return shown
    text = lines_around(laid, path, place, budget_tokens * _ROOM_OF_FINDING)
    others = [patch.path for patch in laid.snapshot.change.patches if patch.path != path]
    return Shown(text, "\n".join(others[:_MOST_ELSEWHERE]), {path: frozenset(place)})


def as_it_stands(finding: Finding, stand: Stand) -> Finding:
    """The finding with the lines where its code stands now."""
    return finding.model_copy(update={"start_line": stand.place.start_line, "end_line": stand.place.end_line})


def points_told(points: Sequence[Point]) -> str:
    return "\n".join(
        f"{point.handle} {point.state}: {point.finding.path}:{point.finding.start_line} {point.finding.rule} — "
        f"{point.finding.title}"
        for point in points[:40]
    ) or "(nothing)"  # fmt: skip


def origin_told(asked: Asked, answer: ModelText) -> str:
    """Said under everything a model wrote."""
    return f"Written by `{answer.model}` from head `{asked.pull_request.head_sha[:7]}`; nobody has checked it."


def _priority(patch: Patch, wanted: str) -> tuple[bool, bool, bool, str]:
    path = patch.path.lower()
    is_named = path in wanted.lower() or path.rpartition("/")[2] in wanted.lower()
    return not is_named, path.endswith(_PROSE), "test" in path, patch.path


def _excerpts(laid: Desk, patch: Patch) -> Sequence[Excerpt]:
    content = laid.snapshot.contents.get(patch.path)
    if content is None or patch.status is PatchStatus.REMOVED or not patch.hunks:
        return ()
    return excerpts(patch, content, laid.scope_of)
