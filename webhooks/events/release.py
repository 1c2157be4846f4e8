"""A release that is published goes into the timeline of the repository, for the weekly figures on delivery. Drafts,
edits and deletions are passed over.
"""

from typing import Any

from bot.domain import TimelineEvent, TimelineNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import moment, sender_of


def jobs(payload: Payload) -> Wanted:
    if (action := payload.text("action")) != "published":
        return Ignored(f"a release that is {action} tells nothing new")
    release = payload.part("release")
    details = {"tag": release.text("tag_name"), "is_prerelease": release.flag("prerelease")}
    return (moment(payload, 0, "released", release.time("published_at"), sender_of(payload), details),)


def _release(action: str, **more: Any) -> dict[str, Any]:
    release = {"tag_name": "v2.1.0", "prerelease": False, "published_at": _sample.AT} | more
    return _sample.payload(action, release=release)


def _noted(is_prerelease: bool) -> Wanted:
    details = {"tag": "v2.1.0", "is_prerelease": is_prerelease}
    event = TimelineEvent(repository_id=71, number=0, event="released", at=_sample.AT, actor="hubot", details=details)
    return (TimelineNoted(repository=_sample.REPOSITORY, events=(event,)),)


examples = (
    Example("published", _release("published"), _noted(False)),
    Example("published as a preview", _release("published", prerelease=True), _noted(True)),
    Example("edited", _release("edited"), Ignored("a release that is edited tells nothing new")),
)
