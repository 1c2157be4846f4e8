"""Rule drafts: which are to be made by themselves, and the making of one. Nothing here applies a rule."""

from collections import Counter
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

from bot.chat.asked import Asked, ChatDesk
from bot.domain import Point, Profile, PullRequest, Repository, RuleDraft
from bot.review.drafting.drafting import Wanted, drafted, tokens_of
from bot.review.pipeline import Desk
from bot.review.spending import spending_on
from bot.rules import listed_rules

_WORTH_DAYS = 14
"""A finding that turned out right longer ago is left to whoever asks."""
_WEEK = timedelta(days=7)
_MOST_EARLIER = 50


def due(desk: ChatDesk, now: datetime) -> dict[str, dict[str, Any]]:
    """By a name that holds finding and day: drafts to be made, as many as a week of each repository allows.

    One that is not made, since the caps were near or the model away, is due again the next day. A finding of a kind
    that some rule knows is left to whoever asks: there the rule is what should be mended.
    """
    most = desk.settings.llm.rule_drafts_per_week
    if desk.model is None or not most or desk.settings.paused:
        return {}
    known = [rule.name for rule in listed_rules()]
    confirmed = desk.ledger.confirmed_by_people(_text(now - timedelta(days=_WORTH_DAYS)), known)
    taken: Counter[int] = Counter()
    errands: dict[str, dict[str, Any]] = {}
    for pull_request, fingerprint in confirmed:
        where = pull_request.repository
        if where.id not in taken:
            taken[where.id] = desk.ledger.rule_drafts_since(where.id, _text(now - _WEEK))
        if taken[where.id] < most and _is_served(desk, where):
            taken[where.id] += 1
            name = f"{pull_request.key}:{fingerprint}:{now.date().isoformat()}"
            errands[name] = {"pull_request": pull_request.to_json(), "fingerprint": fingerprint}
    return errands


def make(desk: ChatDesk, errand: dict[str, Any]) -> str:
    """Makes one that is due, and says in a few words what came of it. May be repeated: then nothing more is kept.

    Raises ModelUnavailable, and SeawallError where the code cannot be read.
    """
    pull_request = PullRequest.from_json(errand["pull_request"])
    where = pull_request.repository
    point = next(
        (one for one in desk.ledger.points(where.id, pull_request.number) if one.fingerprint == errand["fingerprint"]),
        None,
    )
    if point is None or desk.model is None:
        return "there is nothing to draft it of, or nobody to do it"
    pull_request = desk.pull_requests.of(where, pull_request.number)
    if not desk.policies.of(where, pull_request).policy.llm:
        return "policy keeps this code from the model"
    with spending_on(pull_request):
        tokens = tokens_of(point.finding)
        afforded = desk.model.affordable(Profile.BALANCED, dict.fromkeys((Profile.BALANCED, Profile.ECONOMY), tokens))
    if afforded.profile is not Profile.BALANCED:
        return f"not now: {afforded.reason}"
    name = f"{where.id}:{pull_request.number}:{point.fingerprint}"
    wanted = Wanted(f"d-{sha256(name.encode()).hexdigest()[:7]}", pull_request, point, _text(desk.now()))
    draft = _made(desk, desk.readings(pull_request), wanted)
    return draft.why_not or f"{draft.name} is drafted as {draft.id}"


def make_asked(asked: Asked, laid: Desk, point: Point) -> RuleDraft:
    """Makes the one that somebody asks for. Raises as `make` does, and ModelRefused."""
    wanted = Wanted(asked.id("d"), asked.pull_request, point, _text(asked.desk.now()), asked.who)
    return _made(asked.desk, laid, wanted)


def _made(desk: ChatDesk, laid: Desk, wanted: Wanted) -> RuleDraft:
    assert desk.model is not None, "nothing is drafted without a model"
    if same := desk.ledger.rule_draft(wanted.id):
        return same
    earlier = desk.ledger.rule_drafts(wanted.pull_request.repository.id, _MOST_EARLIER)
    with spending_on(wanted.pull_request):
        draft = drafted(laid, desk.model, wanted, desk.read_at, earlier)
    desk.ledger.keep_rule_draft(draft)
    return draft


def _is_served(desk: ChatDesk, repository: Repository) -> bool:
    name = repository.full_name.lower()
    return any(fnmatchcase(name, pattern.lower()) for pattern in desk.settings.repositories)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
