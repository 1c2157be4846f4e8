"""Pressing "Re-run all checks" reviews that commit again. GitHub sends this only to the App whose suite it is."""

from bot.domain import CheckRerequested
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import repository_of


def jobs(payload: Payload) -> Wanted:
    if (action := payload.text("action")) != "rerequested":
        return Ignored(f"a check suite that is {action} asks for nothing")
    suite = payload.part("check_suite")
    numbers = tuple(pull_request.number("number") for pull_request in suite.parts("pull_requests"))
    return (CheckRerequested(repository=repository_of(payload), head_sha=suite.sha("head_sha"), numbers=numbers),)


_SUITE = {"head_sha": _sample.HEAD, "pull_requests": [{"number": 12}, {"number": 13}]}

examples = (
    Example(
        "all checks, again",
        _sample.payload("rerequested", check_suite=_SUITE),
        (CheckRerequested(repository=_sample.REPOSITORY, head_sha=_sample.HEAD, numbers=(12, 13)),),
    ),
    Example(
        "a suite has finished",
        _sample.payload("completed", check_suite=_SUITE),
        Ignored("a check suite that is completed asks for nothing"),
    ),
)
