"""A pull request is reviewed when it is opened or reopened, when it leaves draft, when commits are pushed to it and
when it is pointed at another base. Each of these moments, and its closing, goes into its timeline.

Closing it, merging it or turning it back into a draft stops a review that is under way. New titles, labels, assignees
and reviewers change nothing. Whether drafts, bots, titles or labels are left alone is policy, which lies on the base
branch: it is asked later.
"""

from typing import Any

from bot.domain import PullRequestNoted, ReviewWanted
from bot.domain.jobs import Trigger
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import pull_request_of, sender_of

_REVIEWED: dict[str, Trigger] = {
    "opened": "opened",
    "reopened": "reopened",
    "ready_for_review": "ready",
    "synchronize": "pushed",
}


def jobs(payload: Payload) -> Wanted:
    action = payload.text("action")
    if action in _REVIEWED:
        return _review(payload, _REVIEWED[action])
    if action == "edited":
        return _edited(payload)
    if action == "closed":
        is_merged = payload.part("pull_request").flag("merged")
        return (_noted(payload, "merged" if is_merged else "closed", stops_review=True),)
    if action == "converted_to_draft":
        return (_noted(payload, "drafted", stops_review=True),)
    return Ignored(f"a pull request that is {action} needs no new review")


def _edited(payload: Payload) -> Wanted:
    changes = payload.part_or_none("changes")
    if changes is None or changes.part_or_none("base") is None:
        return Ignored("only the words of the pull request were edited")
    return _review(payload, "base-changed")


def _review(payload: Payload, trigger: Trigger) -> Wanted:
    noted = _noted(payload, trigger)
    if not noted.pull_request.is_open:
        return Ignored("the pull request is closed")
    return (noted, ReviewWanted(pull_request=noted.pull_request, trigger=trigger))


def _noted(payload: Payload, event: str, stops_review: bool = False) -> PullRequestNoted:
    return PullRequestNoted(
        pull_request=pull_request_of(payload),
        event=event,
        at=payload.part("pull_request").time("updated_at"),
        actor=sender_of(payload),
        stops_review=stops_review,
    )


def _then(event: str, **changed: Any) -> PullRequestNoted:
    stops = event in ("closed", "merged", "drafted")
    pull_request = _sample.PULL_REQUEST.model_copy(update=changed)
    return PullRequestNoted(pull_request=pull_request, event=event, at=_sample.AT, actor="hubot", stops_review=stops)


def _reviewed(trigger: Trigger, **changed: Any) -> Wanted:
    noted = _then(trigger, **changed)
    return (noted, ReviewWanted(pull_request=noted.pull_request, trigger=trigger))


examples = (
    Example("opened", _sample.pull_request("opened"), _reviewed("opened")),
    Example("reopened", _sample.pull_request("reopened"), _reviewed("reopened")),
    Example("ready for review", _sample.pull_request("ready_for_review"), _reviewed("ready")),
    Example("pushed to", _sample.pull_request("synchronize"), _reviewed("pushed")),
    Example(
        "opened as a draft: policy decides later",
        _sample.pull_request("opened", draft=True),
        _reviewed("opened", is_draft=True),
    ),
    Example(
        "opened by a bot: policy decides later",
        _sample.pull_request("opened", user={"login": "dependabot[bot]", "type": "Bot"}),
        _reviewed("opened", author="dependabot[bot]", author_is_bot=True),
    ),
    Example(
        "opened by an account that is gone, with labels",
        _sample.pull_request("opened", user=None, labels=[{"name": "payments"}]),
        _reviewed("opened", author="", labels=("payments",)),
    ),
    Example(
        "pointed at another base",
        _sample.pull_request("edited", changes={"base": {"ref": {"from": "next"}, "sha": {"from": "c" * 40}}}),
        _reviewed("base-changed"),
    ),
    Example(
        "a new title",
        _sample.pull_request("edited", changes={"title": {"from": "WIP"}}),
        Ignored("only the words of the pull request were edited"),
    ),
    Example(
        "pointed at another base after it was closed",
        _sample.pull_request("edited", changes={"base": {"ref": {"from": "next"}}}, state="closed"),
        Ignored("the pull request is closed"),
    ),
    Example("made a draft", _sample.pull_request("converted_to_draft", draft=True), (_then("drafted", is_draft=True),)),
    Example(
        "closed",
        _sample.pull_request("closed", state="closed", merged=False),
        (_then("closed", is_open=False),),
    ),
    Example(
        "merged",
        _sample.pull_request("closed", state="closed", merged=True),
        (_then("merged", is_open=False),),
    ),
    Example(
        "labeled",
        _sample.pull_request("labeled"),
        Ignored("a pull request that is labeled needs no new review"),
    ),
)
