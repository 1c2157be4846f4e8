"""Pressing "Re-run" on Seawall's check reviews that commit again. Other checks, and other moments of ours, are passed
over.
"""

from bot.domain import CheckRerequested
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import repository_of

CHECK_NAME = "Seawall"


def jobs(payload: Payload) -> Wanted:
    if (action := payload.text("action")) != "rerequested":
        return Ignored(f"a check run that is {action} asks for nothing")
    check = payload.part("check_run")
    if (name := check.text("name")) != CHECK_NAME:
        return Ignored(f"the check {name} is not ours")
    numbers = tuple(pull_request.number("number") for pull_request in check.parts("pull_requests"))
    return (CheckRerequested(repository=repository_of(payload), head_sha=check.sha("head_sha"), numbers=numbers),)


def _check(name: str) -> dict[str, object]:
    return {"name": name, "head_sha": _sample.HEAD, "pull_requests": [{"number": 12}]}


examples = (
    Example(
        "our check, again",
        _sample.payload("rerequested", check_run=_check("Seawall")),
        (CheckRerequested(repository=_sample.REPOSITORY, head_sha=_sample.HEAD, numbers=(12,)),),
    ),
    Example(
        "our check on a fork's commit, which names no pull request",
        _sample.payload("rerequested", check_run=_check("Seawall") | {"pull_requests": []}),
        (CheckRerequested(repository=_sample.REPOSITORY, head_sha=_sample.HEAD),),
    ),
    Example(
        "another check, again",
        _sample.payload("rerequested", check_run=_check("build")),
        Ignored("the check build is not ours"),
    ),
    Example(
        "our check has just been created, by us",
        _sample.payload("created", check_run=_check("Seawall")),
        Ignored("a check run that is created asks for nothing"),
    ),
)
