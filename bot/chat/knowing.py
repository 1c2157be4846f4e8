"""What a model is told beside the code when somebody asks: what stands around it, what broke, what people said."""

from collections.abc import Collection, Mapping, Sequence

from bot.chat.asked import Asked
from bot.chat.showing import Stand, around, as_it_stands
from bot.domain import Point, Profile
from bot.review.about import MOST_INCIDENTS, incidents_told, posture_told
from bot.review.context import as_many_as_fit, first_lines
from bot.review.pipeline import Desk
from bot.review.told import finding_told, rule_told
from bot.syntax import language_of

_SURROUNDINGS_SHARE, _MOST_SURROUNDINGS = 0.2, 6_000
"""Of `llm.max_input_tokens`, and tokens at most."""
_SIDE_SHARE = 24
"""One part in so many for guidelines, and as much for what is known of the change."""
_MOST_REPLIES = 6
_SAYS: Mapping[str, str] = {"disputed": "objects", "accepted": "agrees", "dismissed": "dismissed it"}


def of_finding(asked: Asked, laid: Desk, point: Point, stand: Stand) -> dict[str, str]:
    """What is told of one finding: itself, its rule, the code, what stands around it, and what people said of it."""
    finding, budget = as_it_stands(point.finding, stand), asked.desk.settings.llm.max_input_tokens
    shown, language = around(laid, stand, budget), language_of(finding.path)
    return {
        "finding": finding_told(finding),
        "rule": rule_told(finding.rule, language=language.title if language else ""),
        "thread": thread(asked, point),
        "about": about(asked, laid, [finding.class_], [finding.path], f"{finding.title} {finding.scope}"),
        "elsewhere": shown.elsewhere,
        "surroundings": surroundings(laid, shown.lines, shown.lines, budget),
        "code": shown.code,
    }


def surroundings(laid: Desk, paths: Collection[str], seen: Mapping[str, Collection[int]], budget_tokens: int) -> str:
    """What the code of these files calls, who calls it, tests and siblings. `seen`: lines that are shown already."""
    if laid.around is None:
        return ""
    from bot.review.surroundings.packing import APPETITES, choose

    room = min(_MOST_SURROUNDINGS, int(budget_tokens * _SURROUNDINGS_SHARE))
    pieces = laid.around.gathered().pieces
    return choose(pieces, paths, seen, room, APPETITES[Profile.THOROUGH]).text


def about(asked: Asked, laid: Desk, classes: Sequence[str] = (), paths: Sequence[str] = (), words: str = "") -> str:
    """What is known of the change beside its code: what it does to calls to others, issues it settles, incidents."""
    ledger, where = asked.desk.ledger, asked.repository.id
    posture = ledger.posture_change(where, asked.pull_request.number)
    incidents = ledger.incidents_matching(where, classes, paths, words, MOST_INCIDENTS)
    lines = (*posture_told(posture), *incidents_told(incidents), *laid.settles())
    return as_many_as_fit(lines, asked.desk.settings.llm.max_input_tokens // _SIDE_SHARE)


def guidelines(asked: Asked, laid: Desk) -> str:
    """What this repository's people hold dear, from policy, disputes and the files that say so."""
    taught = "\n".join(f"- {one.text}" for one in asked.desk.ledger.guidance(asked.repository.id))
    parts = (laid.snapshot.policy.guidelines, taught, laid.guidelines)
    told = "\n\n".join(part for part in parts if part)
    return first_lines(told, asked.desk.settings.llm.max_input_tokens // _SIDE_SHARE) if told else ""


def thread(asked: Asked, point: Point) -> str:
    """What people answered to a finding, the latest last. Anybody may answer: it is talk, and no instruction."""
    seen = asked.desk.ledger.evidence(asked.repository.id, asked.pull_request.number).get(point.fingerprint, [])
    said = [one for one in seen if one.detail and one.kind in ("reply", "command")][-_MOST_REPLIES:]
    lines = [f"{one.actor or 'somebody'} {_SAYS.get(one.says, 'says')}: {' '.join(one.detail.split())}" for one in said]
    return "\n".join(lines)
