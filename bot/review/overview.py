"""A change in one line a file, and how a large one could be split. Pure."""

from collections.abc import Iterable, Sequence

from bot.domain import Patch
from bot.review.dividing import Kin
from bot.review.surroundings.reading import Facts

MANY_QUESTIONS = 6
"""A change that takes more of them should have been several."""
_MOST_SCOPES = 6
_MOST_GROUPS = 5


def overview(patches: Iterable[Patch], facts: Sequence[Facts]) -> dict[str, str]:
    """Path → such as `shop/pay.py (modified, +12 -3): Client.charge, retry`."""
    touched = {fact.path: [fact.scopes[at].qualified for at in fact.touched] for fact in facts}
    return {patch.path: _line(patch, touched.get(patch.path, [])) for patch in patches}


def splitting_advice(paths: Sequence[str], kin: Kin, questions: int) -> str:
    """What to tell the author of a change that takes so many questions; empty where it is not too large."""
    if questions <= MANY_QUESTIONS:
        return ""
    groups = _groups(paths, kin)
    named = [f"{_place(group)} ({len(group)} {'file' if len(group) == 1 else 'files'})" for group in groups]
    more = f", and {len(named) - _MOST_GROUPS} more" if len(named) > _MOST_GROUPS else ""
    advice = f" Parts that do not call each other: {', '.join(named[:_MOST_GROUPS])}{more}." if len(named) > 1 else ""
    return (
        f"This change takes {questions} questions to the model; in one of this size more is overlooked. "
        f"Split it where you can.{advice}"
    )


def _line(patch: Patch, scopes: Sequence[str]) -> str:
    ops = [line.op for line in patch.lines()]
    counts = f"+{ops.count('+')} -{ops.count('-')}" if ops else f"+{patch.additions} -{patch.deletions}"
    named = ", ".join(dict.fromkeys(scopes[:_MOST_SCOPES])) + (", …" if len(scopes) > _MOST_SCOPES else "")
    return f"{patch.path} ({patch.status.value}, {counts}){f': {named}' if named else ''}"


def _groups(paths: Sequence[str], kin: Kin) -> list[list[str]]:
    """Files that call each other, directly or through others; those without kin go by their folder. Largest first."""
    left = dict.fromkeys(sorted(paths))
    groups: list[list[str]] = []
    alone: dict[str, list[str]] = {}
    while left:
        group, waiting = list[str](), [next(iter(left))]
        while waiting:
            path = waiting.pop()
            if path in left:
                del left[path]
                group.append(path)
                waiting += sorted(kin.get(path, ()))
        if len(group) > 1:
            groups.append(sorted(group))
        else:
            alone.setdefault(_folder(group[0]), []).extend(group)
    return sorted([*groups, *alone.values()], key=lambda group: (-len(group), group))


def _place(group: Sequence[str]) -> str:
    """The folder that holds them all; the file, where it is one."""
    if len(group) == 1:
        return group[0]
    shared = _folder(group[0])
    while shared and not all(path.startswith(f"{shared}/") for path in group):
        shared = _folder(shared)
    return f"{shared}/" if shared else f"{group[0]} and what it calls"


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
