"""A pull request is reviewed when it is opened or reopened, when it leaves draft, when commits are pushed to it and
when it is pointed at another base. Each of these moments, and its closing, goes into its timeline; so does, when it is
opened, that it takes another one back.

Closing it, merging it or turning it back into a draft stops a review that is under way. That somebody was asked for a
review, or is no longer, goes into the timeline alone. New titles, labels and assignees change nothing. Whether drafts,
bots, titles or labels are left alone is policy, which lies on the base branch: it is asked later.
"""

from typing import Any

from bot.domain import Job, PullRequest, PullRequestNoted, ReviewWanted, TimelineEvent, TimelineNoted
from bot.domain.jobs import Trigger
from bot.domain.timeline import PullRequestEvent
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import is_bot, moment, pull_request_of, sender_of

_REVIEWED: dict[str, Trigger] = {
    "opened": "opened",
    "reopened": "reopened",
    "ready_for_review": "ready",
    "synchronize": "pushed",
}

_ASKED: dict[str, PullRequestEvent] = {
    "review_requested": "review-requested",
    "review_request_removed": "review-request-removed",
}
_MOMENTS = {"opened": "created_at", "merged": "merged_at", "closed": "closed_at"}
"""Where the pull request itself says when: a later look at the host finds the same moment. Else the last change."""


def jobs(payload: Payload) -> Wanted:
    action = payload.text("action")
    if action in _REVIEWED:
        return _review(payload, _REVIEWED[action])
    if action == "edited":
        return _edited(payload)
    if action in _ASKED:
        found = payload.part("pull_request")
        return (moment(payload, found.number("number"), _ASKED[action], found.time("updated_at"), *_by(payload)),)
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
    wanted = (noted, ReviewWanted(pull_request=noted.pull_request, trigger=trigger))
    return (*wanted, *_reverting(payload, noted.pull_request)) if trigger == "opened" else wanted


def _reverting(payload: Payload, opened: PullRequest) -> tuple[TimelineNoted, ...]:
    if opened.reverts is None:
        return ()
    bot = {"is_bot": True} if opened.author_is_bot else {}
    return (
        moment(payload, opened.number, "reverts", opened.created_at, opened.author, {"number": opened.reverts, **bot}),
    )


def _noted(payload: Payload, event: str, stops_review: bool = False) -> PullRequestNoted:
    found = payload.part("pull_request")
    named = _MOMENTS.get(event, "updated_at")
    actor, details = _by(payload)
    return PullRequestNoted(
        pull_request=pull_request_of(payload),
        event=event,
        at=found.time(named) if found.values.get(named) else found.time("updated_at"),
        actor=actor,
        stops_review=stops_review,
        details=details | _told(found, event),
    )


def _by(payload: Payload) -> tuple[str, dict[str, Any]]:
    """Who did it, and the detail that it was a program."""
    sender = payload.part_or_none("sender")
    return sender_of(payload), {"is_bot": True} if sender is not None and is_bot(sender) else {}


def _told(pull_request: Payload, event: str) -> dict[str, Any]:
    """What the weekly figures want to know of this moment."""
    details: dict[str, Any] = {}
    if event in ("opened", "ready", "reopened", "pushed", "base-changed"):
        details["head_sha"] = pull_request.part("head").sha("sha")
        if pull_request.flag("draft"):
            details["is_draft"] = True
    author = pull_request.part_or_none("user")
    if event == "opened" and author is not None:
        details["author"] = author.text_or_empty("login")
    merger = pull_request.part_or_none("merged_by")
    if event == "merged" and merger is not None:
        details["merged_by"] = merger.text_or_empty("login")
    if event in ("opened", "merged"):
        sizes = {"additions": "additions", "deletions": "deletions", "files": "changed_files", "commits": "commits"}
        counted = ((name, pull_request.values.get(key)) for name, key in sizes.items())
        details |= {name: count for name, count in counted if isinstance(count, int)}
    return details


def _then(event: str, details: dict[str, Any] | None = None, **changed: Any) -> PullRequestNoted:
    stops = event in ("closed", "merged", "drafted")
    pull_request = _sample.PULL_REQUEST.model_copy(update=changed)
    told: dict[str, Any] = {} if stops else {"head_sha": _sample.HEAD}
    if event == "opened":
        told["author"] = changed.get("author", "mona")
    return PullRequestNoted(
        pull_request=pull_request,
        event=event,
        at=_sample.PULL_REQUEST.created_at if event == "opened" else _sample.AT,
        actor="hubot",
        stops_review=stops,
        details=told | (details or {}),
    )


def _reviewed(trigger: Trigger, details: dict[str, Any] | None = None, **changed: Any) -> tuple[Job, ...]:
    noted = _then(trigger, details, **changed)
    return (noted, ReviewWanted(pull_request=noted.pull_request, trigger=trigger))


_REVERT: dict[str, Any] = {"title": 'Revert "Pay"', "body": "Reverts acme/checkout#9\r\n\r\nIt broke checkout."}
_REVERTED = TimelineNoted(
    repository=_sample.REPOSITORY,
    events=(
        TimelineEvent(
            repository_id=71,
            number=12,
            event="reverts",
            at=_sample.PULL_REQUEST.created_at,
            actor="mona",
            details={"number": 9},
        ),
    ),
)
_VAGUE: dict[str, Any] = {"title": "Revert a commit", "body": f"Reverts #{'9' * 5000}, and more"}

examples = (
    Example("opened", _sample.pull_request("opened"), _reviewed("opened")),
    Example("reopened", _sample.pull_request("reopened"), _reviewed("reopened")),
    Example("ready for review", _sample.pull_request("ready_for_review"), _reviewed("ready")),
    Example("pushed to", _sample.pull_request("synchronize"), _reviewed("pushed")),
    Example(
        "opened as a draft: policy decides later",
        _sample.pull_request("opened", draft=True),
        _reviewed("opened", {"is_draft": True}, is_draft=True),
    ),
    Example(
        "opened by a bot: policy decides later",
        _sample.pull_request("opened", user={"login": "dependabot[bot]", "type": "Bot"}),
        _reviewed("opened", author="dependabot[bot]", author_is_bot=True),
    ),
    Example(
        "opened to take another one back",
        _sample.pull_request("opened", **_REVERT),
        (*_reviewed("opened", **_REVERT), _REVERTED),
    ),
    Example(
        "a revert of what can be no pull request",
        _sample.pull_request("opened", **_VAGUE),
        _reviewed("opened", **_VAGUE),
    ),
    Example(
        "reopened, by an account that is gone, with labels",
        _sample.pull_request("reopened", user=None, labels=[{"name": "payments"}]),
        _reviewed("reopened", author="", labels=("payments",)),
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
        _sample.pull_request(
            "closed",
            state="closed",
            merged=True,
            merged_at=_sample.AT,
            merged_by={"login": "dana"},
            additions=4,
            deletions=1,
            changed_files=2,
            commits=3,
        ),
        (
            _then(
                "merged",
                {"merged_by": "dana", "additions": 4, "deletions": 1, "files": 2, "commits": 3},
                is_open=False,
            ),
        ),
    ),
    Example(
        "somebody is asked for a review",
        _sample.pull_request("review_requested"),
        (
            TimelineNoted(
                repository=_sample.REPOSITORY,
                events=(
                    TimelineEvent(repository_id=71, number=12, event="review-requested", at=_sample.AT, actor="hubot"),
                ),
            ),
        ),
    ),
    Example(
        "labeled",
        _sample.pull_request("labeled"),
        Ignored("a pull request that is labeled needs no new review"),
    ),
)
