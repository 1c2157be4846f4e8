"""Pressing "Re-run all checks" reviews that commit again. A suite that has finished goes into the timeline of its pull
requests: what waits for red checks does not wait for a person. Suites of no pull request are passed over.
"""

from bot.domain import CheckRerequested, TimelineEvent, TimelineNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import moment, repository_of


def jobs(payload: Payload) -> Wanted:
    action, suite = payload.text("action"), payload.part("check_suite")
    if action == "completed":
        return _finished(payload, suite)
    if action != "rerequested":
        return Ignored(f"a check suite that is {action} asks for nothing")
    numbers = tuple(pull_request.number("number") for pull_request in suite.parts("pull_requests"))
    return (CheckRerequested(repository=repository_of(payload), head_sha=suite.sha("head_sha"), numbers=numbers),)


def _finished(payload: Payload, suite: Payload) -> Wanted:
    app, details = suite.part_or_none("app"), {"conclusion": suite.text_or_empty("conclusion")}
    details |= {"sha": suite.sha("head_sha"), "app": app.text_or_empty("slug") if app else ""}
    numbers = [pull_request.number("number") for pull_request in suite.parts("pull_requests")]
    if not numbers:
        return Ignored("the check suite belongs to no pull request")
    return tuple(moment(payload, number, "checked", suite.time("updated_at"), "", details) for number in numbers)


_SUITE = {"app": {"slug": "actions"}, "head_sha": _sample.HEAD, "pull_requests": [{"number": 12}, {"number": 13}]}


def _checked(number: int) -> TimelineNoted:
    details = {"conclusion": "failure", "sha": _sample.HEAD, "app": "actions"}
    event = TimelineEvent(repository_id=71, number=number, event="checked", at=_sample.AT, details=details)
    return TimelineNoted(repository=_sample.REPOSITORY, events=(event,))


examples = (
    Example(
        "all checks, again",
        _sample.payload("rerequested", check_suite=_SUITE),
        (CheckRerequested(repository=_sample.REPOSITORY, head_sha=_sample.HEAD, numbers=(12, 13)),),
    ),
    Example(
        "a suite has finished",
        _sample.payload("completed", check_suite=_SUITE | {"conclusion": "failure", "updated_at": _sample.AT}),
        (_checked(12), _checked(13)),
    ),
    Example(
        "a suite of a branch has finished",
        _sample.payload("completed", check_suite={"head_sha": _sample.HEAD, "pull_requests": []}),
        Ignored("the check suite belongs to no pull request"),
    ),
    Example(
        "a suite begins",
        _sample.payload("requested", check_suite=_SUITE),
        Ignored("a check suite that is requested asks for nothing"),
    ),
)
