"""A review that somebody has handed in, or that counts no longer, goes into the timeline of its pull request: the
weekly figures tell from it how long a change waited. What the review says is not kept.
"""

from typing import Any

from bot.domain import TimelineEvent, TimelineNoted, is_marked
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import is_bot, moment

_STATES = {
    "approved": "approved",
    "changes_requested": "changes-requested",
    "commented": "commented",
    "dismissed": "dismissed",
}


def jobs(payload: Payload) -> Wanted:
    if (action := payload.text("action")) not in ("submitted", "dismissed"):
        return Ignored(f"a review that is {action} tells nothing new")
    review, number = payload.part("review"), payload.part("pull_request").number("number")
    state = _STATES.get(review.text("state").lower())
    if state is None:
        return Ignored("the review is not handed in yet")
    by = review.part_or_none("user")
    details: dict[str, Any] = {"review_id": review.number("id"), "state": state}
    if (by is not None and is_bot(by)) or is_marked(review.text_or_empty("body")):
        details["is_bot"] = True
    actor = by.text_or_empty("login") if by else ""
    at = review.time("submitted_at") if action == "submitted" else payload.part("pull_request").time("updated_at")
    return (moment(payload, number, "reviewed", at, actor, details),)


def _review(action: str, state: str, **of_review: Any) -> dict[str, Any]:
    user = {"login": "mona", "type": "User"}
    review = {"id": 700, "state": state, "user": user, "submitted_at": _sample.AT} | of_review
    return _sample.payload(action, pull_request={"number": 12, "updated_at": _sample.AT}, review=review)


def _noted(actor: str = "mona", **details: Any) -> Wanted:
    event = TimelineEvent(
        repository_id=71,
        number=12,
        event="reviewed",
        at=_sample.AT,
        actor=actor,
        details={"review_id": 700, "state": "approved"} | details,
    )
    return (TimelineNoted(repository=_sample.REPOSITORY, events=(event,)),)


examples = (
    Example("approved", _review("submitted", "approved"), _noted()),
    Example("changes asked for", _review("submitted", "CHANGES_REQUESTED"), _noted(state="changes-requested")),
    Example("only comments", _review("submitted", "commented"), _noted(state="commented")),
    Example(
        "by a program",
        _review("submitted", "commented", user={"login": "helper[bot]", "type": "Bot"}),
        _noted("helper[bot]", state="commented", is_bot=True),
    ),
    Example(
        "our own, written with a person's token",
        _review("submitted", "commented", body="1 finding\n\n<!-- seawall:9f86d081884c7d659a2f -->"),
        _noted(state="commented", is_bot=True),
    ),
    Example("by an account that is gone", _review("submitted", "approved", user=None), _noted("")),
    Example("counts no longer", _review("dismissed", "dismissed"), _noted(state="dismissed")),
    Example(
        "edited",
        _review("edited", "approved"),
        Ignored("a review that is edited tells nothing new"),
    ),
    Example("not handed in", _review("submitted", "pending"), Ignored("the review is not handed in yet")),
)
