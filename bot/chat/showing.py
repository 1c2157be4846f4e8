"""What of a change a model is shown when somebody asks about it: as much as its budget holds, the rest by name."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.chat.asked import Asked
from bot.chat.command import Declined
from bot.domain import Finding, ModelText, Patch, PatchStatus, Point
from bot.errors import ModelRefused, ModelUnavailable, NotFound
from bot.llm import estimate_tokens
from bot.review.excerpt import ShownLine, excerpts, head_lines
from bot.review.filter import literal
from bot.review.pipeline import Desk
from bot.review.quote import HeadText, Place
from bot.review.spending import spending_on
from bot.rules import explain

_ROOM = 0.6
"""Of `llm.max_input_tokens`, for code; the prompt, the words and an unlucky estimate take the rest."""
_AROUND = 40
_MOST_ELSEWHERE = 60
_PROSE = (".md", ".mdx", ".rst", ".txt", ".adoc")


class Shown(NamedTuple):
    code: str
    elsewhere: str
    """Paths that are changed too and did not fit, one a line."""


class Stand(NamedTuple):
    """Where a finding stands in the head, proved by its evidence."""

    head: HeadText
    place: Place


def ask_model(asked: Asked, prompt: str, inputs: dict[str, str]) -> ModelText:
    """The model's answer, booked to the pull request. Raises Declined where the model is away or will not answer."""
    assert asked.desk.model is not None, "commands that need a model are declined without one"
    try:
        with spending_on(asked.pull_request):
            return asked.desk.model.answer(prompt, inputs)
    except ModelUnavailable as away:
        raise Declined(
            "The model is away", f"{literal(str(away))}. Ask again later; nothing else has changed.", state="failed"
        ) from away
    except ModelRefused as refused:
        raise Declined("The model does not answer this", f"{literal(str(refused))}.", state="failed") from refused


def change_shown(laid: Desk, budget_tokens: int, wanted: str = "") -> Shown:
    """The changed files with their changed parts; those that `wanted` names come first, then code before prose."""
    left = int(budget_tokens * _ROOM)
    shown: list[str] = []
    elsewhere: list[str] = []
    for patch in sorted(laid.snapshot.change.patches, key=lambda patch: _priority(patch, wanted)):
        text = _patch_text(laid, patch)
        cost = estimate_tokens(text + "\n\n")
        if text and cost <= left:
            shown.append(text)
            left -= cost
        else:
            elsewhere.append(patch.path)
    if len(elsewhere) > _MOST_ELSEWHERE:
        elsewhere = [*elsewhere[:_MOST_ELSEWHERE], f"(and {len(elsewhere) - _MOST_ELSEWHERE} more)"]
    return Shown("\n\n".join(shown) or "(none of the changed files can be shown)", "\n".join(elsewhere) or "(none)")


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


def around(laid: Desk, stand: Stand, budget_tokens: int) -> str:
    """The lines around a finding with their numbers: its function where that is known, and some more."""
    path, lines = stand.head.path, head_lines(stand.head.path, laid.snapshot.contents[stand.head.path])
    patch = laid.snapshot.change.by_path.get(path)
    added = patch.added() if patch else frozenset[int]()
    scope = laid.scope_of(path, stand.place.start_line)
    start, end = (scope.start_line, scope.end_line) if scope else (stand.place.start_line, stand.place.end_line)
    reach = _AROUND
    while True:
        first, last = max(1, start - reach), min(len(lines), end + reach)
        numbered = [ShownLine(at, "+" if at in added else " ", lines[at - 1]) for at in range(first, last + 1)]
        text = "\n".join([f"### {path}", *map(str, numbered)])
        if estimate_tokens(text) <= budget_tokens * _ROOM or reach == 0:
            return text
        if reach <= 1:
            start, end, reach = stand.place.start_line, stand.place.end_line, 0
        else:
            reach //= 2


def finding_told(finding: Finding) -> str:
    """A finding, for a model."""
    lines = f"lines {finding.start_line} to {finding.end_line}"
    return f"{finding.path}, {lines}: {finding.title} ({finding.rule}, {finding.severity})\n{finding.body}"


def rule_told(name: str, most: int = 4000) -> str:
    """The page of a rule; of a kind that only the model finds, its name."""
    try:
        return explain(name)[:most]
    except NotFound:
        return f"{name}: no rule finds this by itself; a model reported it."


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


def _patch_text(laid: Desk, patch: Patch) -> str:
    content = laid.snapshot.contents.get(patch.path)
    if content is None or patch.status is PatchStatus.REMOVED or not patch.hunks:
        return ""
    parts = excerpts(patch, content, laid.scope_of)
    return f"### {patch.path} ({patch.status.value})\n" + "\n     …\n".join(map(str, parts))
