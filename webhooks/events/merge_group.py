"""A merge queue builds a commit of its own and waits for our check on it. The pull requests in it were reviewed at
their heads, so the check is reported from those receipts at once; nothing is reviewed twice.
"""

from bot.domain import MergeGroupQueued
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import repository_of


def jobs(payload: Payload) -> Wanted:
    if (action := payload.text("action")) != "checks_requested":
        return Ignored(f"a merge group that is {action} waits for nothing")
    group = payload.part("merge_group")
    return (
        MergeGroupQueued(
            repository=repository_of(payload),
            head_sha=group.sha("head_sha"),
            head_ref=group.text("head_ref"),
            base_sha=group.sha("base_sha"),
        ),
    )


_QUEUED = "refs/heads/gh-readonly-queue/main/pr-12-bbbb"
_GROUP = {"head_sha": _sample.HEAD, "head_ref": _QUEUED, "base_sha": _sample.BASE, "base_ref": "refs/heads/main"}

examples = (
    Example(
        "the queue waits for our check",
        _sample.payload("checks_requested", merge_group=_GROUP),
        (
            MergeGroupQueued(
                repository=_sample.REPOSITORY, head_sha=_sample.HEAD, head_ref=_QUEUED, base_sha=_sample.BASE
            ),
        ),
    ),
    Example(
        "the group is gone",
        _sample.payload("destroyed", reason="merged", merge_group=_GROUP),
        Ignored("a merge group that is destroyed waits for nothing"),
    ),
)
