"""An issue that carries a label of incidents (`weekly.incident_labels`) tells when one began and when it was over, for
the weekly figures on delivery. Its title and address are kept, its text is not. All other issues are passed over.
"""

from typing import Any

from bot.domain import TimelineNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import moment, sender_of


def jobs(payload: Payload) -> Wanted:
    action, issue = payload.text("action"), payload.part("issue")
    labels = tuple(label.text_or_empty("name") for label in issue.parts("labels"))
    if action not in ("opened", "labeled", "reopened", "closed"):
        return Ignored(f"an issue that is {action} tells nothing of an incident")
    if not labels:
        return Ignored("an issue without a label is no incident")
    number = issue.number("number")
    if action == "closed":
        noted = moment(payload, 0, "incident-closed", issue.time("closed_at"), sender_of(payload), {"issue": number})
    else:
        details = {"issue": number, "title": issue.text("title"), "url": issue.text_or_empty("html_url")}
        noted = moment(payload, 0, "incident-opened", issue.time("created_at"), sender_of(payload), details)
    return (noted.model_copy(update={"labels": labels}),)


def _issue(action: str, *labels: str) -> dict[str, Any]:
    issue = {
        "number": 44,
        "title": "Checkout is down",
        "html_url": "https://github.com/acme/checkout/issues/44",
        "labels": [{"name": label} for label in labels],
        "created_at": _sample.AT,
        "closed_at": _sample.AT if action == "closed" else None,
    }
    return _sample.payload(action, issue=issue)


def _noted(event: str, details: dict[str, Any]) -> Wanted:
    noted = TimelineNoted.from_json(
        {
            "repository": _sample.REPOSITORY.to_json(),
            "events": [
                {"repository_id": 71, "number": 0, "event": event, "at": _sample.AT, "actor": "hubot"}
                | {"details": details}
            ],
            "labels": ["incident", "payments"],
        }
    )
    return (noted,)


_OPENED = {"issue": 44, "title": "Checkout is down", "url": "https://github.com/acme/checkout/issues/44"}
_LABELS = ("incident", "payments")

examples = (
    Example("opened with labels", _issue("opened", *_LABELS), _noted("incident-opened", _OPENED)),
    Example("labelled later", _issue("labeled", *_LABELS), _noted("incident-opened", _OPENED)),
    Example("closed", _issue("closed", *_LABELS), _noted("incident-closed", {"issue": 44})),
    Example("without a label", _issue("opened"), Ignored("an issue without a label is no incident")),
    Example(
        "assigned", _issue("assigned", *_LABELS), Ignored("an issue that is assigned tells nothing of an incident")
    ),
)
