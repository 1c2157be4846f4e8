"""What became of a point, judged from all that was seen to happen to it. Pure, and never "fixed" on a doubt."""

from collections.abc import Sequence

from bot.domain import Evidence, Fate, PointState

_OPINIONS = ("reaction", "reply")
_ENDS = ("merged", "closed")


def state_of(evidence: Sequence[Evidence]) -> PointState:
    """How a point stands now.

    A dismissal holds until somebody takes it back, or its code changed and it was said again. The code comes next:
    what it shows outweighs agreement and silence, but not an objection that still stands, for then somebody changed
    the code for another reason. Then opinions, the latest first. A resolved thread says nothing of the code, so it
    changes nothing.
    """
    if _is_dismissed(evidence):
        return "dismissed"
    code, opinion = _code(evidence), _opinion(evidence)
    if code == "stale":
        return "stale"
    if code == "fixed" and (opinion != "disputed" or _has_committed_suggestion(evidence)):
        return "fixed"
    return opinion


def fate_of(evidence: Sequence[Evidence]) -> Fate:
    """What the record says of a point once its pull request is merged or closed; `unknown` before.

    Merged with the code as it was is `ignored`; closed without a merge, nobody can know.
    """
    ends = [each for each in _by_time(evidence) if each.kind in _ENDS]
    if not ends:
        return "unknown"
    state = state_of(evidence)
    if state == "open":
        return "ignored" if ends[-1].kind == "merged" and ends[-1].says == "ignored" else "unknown"
    return state


def _is_dismissed(evidence: Sequence[Evidence]) -> bool:
    """By a command or by a comment in the code."""
    said = [
        each.says
        for each in _by_time(evidence)
        if each.kind == "command" or (each.kind == "code" and each.says in ("dismissed", "open"))
    ]
    return bool(said) and said[-1] == "dismissed"


def _code(evidence: Sequence[Evidence]) -> str:
    said = [each.says for each in _by_time(evidence) if each.kind == "code"]
    return said[-1] if said else "open"


def _opinion(evidence: Sequence[Evidence]) -> PointState:
    """The latest of what each person last said; what was taken back counts no more, nor does an objection to what the
    code has shown anew since."""
    raised_at = max((each.at for each in evidence if (each.kind, each.says) == ("code", "open")), default="")
    last = {(each.actor, each.kind): each for each in _by_time(evidence) if each.kind in _OPINIONS}
    standing = [
        each
        for each in _by_time(list(last.values()))
        if each.says == "accepted" or (each.says == "disputed" and each.at >= raised_at)
    ]
    if not standing:
        return "open"
    return "disputed" if standing[-1].says == "disputed" else "accepted"


def _has_committed_suggestion(evidence: Sequence[Evidence]) -> bool:
    return any(each.kind == "suggestion-committed" for each in evidence)


def _by_time(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda each: each.at)
