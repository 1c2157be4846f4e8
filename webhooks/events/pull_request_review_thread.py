"""When a person resolves a review thread, or opens it again, that is noted: it says something about the finding the
thread is about. What bots do to threads is passed over, and so is what Seawall does itself.
"""

from typing import Any

from bot.domain import ThreadNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import is_bot, repository_of

MOST_COMMENTS = 1_000


def jobs(payload: Payload) -> Wanted:
    action = payload.text("action")
    if action not in ("resolved", "unresolved"):
        return Ignored(f"a thread that is {action} says nothing")
    sender, pull_request = payload.part("sender"), payload.part("pull_request")
    if is_bot(sender):
        return Ignored(f"a bot {action} the thread")
    comments = payload.part("thread").parts("comments")[:MOST_COMMENTS]
    if not comments:
        return Ignored("the thread has no comments")
    dated = payload if payload.values.get("updated_at") is not None else pull_request
    return (
        ThreadNoted(
            repository=repository_of(payload),
            number=pull_request.number("number"),
            comment_ids=tuple(comment.number("id") for comment in comments),
            is_resolved=action == "resolved",
            actor=sender.name("login"),
            at=dated.time("updated_at"),
        ),
    )


def _thread(action: str, ids: tuple[int, ...] = (800, 900), **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "sender": {"login": "mona", "type": "User"},
        "pull_request": {"number": 12, "updated_at": _sample.AT},
        "thread": {"node_id": "PRRT_1", "comments": [{"id": id} for id in ids]},
    }
    return _sample.payload(action, **values | more)


def _noted(is_resolved: bool, at: str = _sample.AT) -> Wanted:
    return (
        ThreadNoted(
            repository=_sample.REPOSITORY,
            number=12,
            comment_ids=(800, 900),
            is_resolved=is_resolved,
            actor="mona",
            at=at,
        ),
    )


_LATER = "2026-11-20T10:00:00Z"

examples = (
    Example("a person resolves it", _thread("resolved"), _noted(True)),
    Example("a person opens it again", _thread("unresolved"), _noted(False)),
    Example("with a time of its own", _thread("resolved", updated_at=_LATER), _noted(True, _LATER)),
    Example(
        "we resolve it ourselves",
        _thread("resolved", sender={"login": "seawall[bot]", "type": "Bot"}),
        Ignored("a bot resolved the thread"),
    ),
    Example("nothing is left of it", _thread("resolved", ids=()), Ignored("the thread has no comments")),
)
