"""A deployment that came to its end, well or badly, goes into the timeline of the repository, for the weekly figures on
delivery. One that is still under way is passed over. Only Apps that may read deployments are told of them.
"""

from typing import Any

from bot.domain import TimelineEvent, TimelineNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import moment, sender_of

_STATES = {"success": "success", "failure": "failure", "error": "failure"}


def jobs(payload: Payload) -> Wanted:
    status, deployment = payload.part("deployment_status"), payload.part("deployment")
    state = _STATES.get(status.text("state"))
    if state is None:
        return Ignored("the deployment is under way, or no longer of interest")
    details = {
        "environment": deployment.text_or_empty("environment"),
        "state": state,
        "sha": deployment.sha("sha"),
        "id": deployment.number("id"),
    }
    return (moment(payload, 0, "deployed", status.time("created_at"), sender_of(payload), details),)


def _status(state: str) -> dict[str, Any]:
    return _sample.payload(
        "created",
        deployment_status={"state": state, "created_at": _sample.AT},
        deployment={"id": 31, "sha": _sample.HEAD, "environment": "production"},
    )


def _noted(state: str) -> Wanted:
    details = {"environment": "production", "state": state, "sha": _sample.HEAD, "id": 31}
    event = TimelineEvent(repository_id=71, number=0, event="deployed", at=_sample.AT, actor="hubot", details=details)
    return (TimelineNoted(repository=_sample.REPOSITORY, events=(event,)),)


examples = (
    Example("it went well", _status("success"), _noted("success")),
    Example("it failed", _status("failure"), _noted("failure")),
    Example("it could not be tried", _status("error"), _noted("failure")),
    Example("under way", _status("in_progress"), Ignored("the deployment is under way, or no longer of interest")),
    Example("replaced", _status("inactive"), Ignored("the deployment is under way, or no longer of interest")),
)
