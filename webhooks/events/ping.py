"""GitHub asks whether anybody is there, when the webhook is set up. Nothing is to be done."""

from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.payload import Payload


def jobs(payload: Payload) -> Wanted:
    return Ignored("a ping asks for nothing but this answer")


examples = (
    Example(
        "a new webhook says hello",
        {"zen": "Keep it logically awesome.", "hook_id": 1},
        Ignored("a ping asks for nothing but this answer"),
    ),
)
