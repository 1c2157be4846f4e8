"""A new comment in a review thread whose first line begins `/seawall` or `@seawall` is a command about the finding the
thread is about; it is answered in the thread. Any other answer in a thread is noted: it may agree or object. Of every
comment but a command the timeline learns that somebody commented.

Edited and deleted comments, comments of bots and Seawall's own are passed over; quotations and code give no command.
"""

from typing import Any

from bot.domain import CommandGiven, Person, Place, ReplyNoted, TimelineEvent, TimelineNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.comments import MAX_TEXT_CHARS, command_given, command_in, comment_noted, unheard_because
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import repository_of


def jobs(payload: Payload) -> Wanted:
    if ignored := unheard_because(payload):
        return ignored
    comment, number = payload.part("comment"), payload.part("pull_request").number("number")
    is_reply = comment.values.get("in_reply_to_id") is not None
    first_id = comment.number("in_reply_to_id" if is_reply else "id")
    body = comment.text_or_empty("body")
    if (text := command_in(body)) is not None:
        return (command_given(payload, text, "review-comment", number, thread=first_id),)
    noted = comment_noted(payload, number, "code")
    if not is_reply:
        return (noted,)
    return (
        noted,
        ReplyNoted(
            repository=repository_of(payload),
            number=number,
            comment_id=comment.number("id"),
            in_reply_to=first_id,
            author=comment.part("user").name("login"),
            body=body[:MAX_TEXT_CHARS],
            at=comment.time("created_at"),
        ),
    )


def _said(body: str, action: str = "created", **changed: Any) -> dict[str, Any]:
    user = {"login": "mona", "type": "User"}
    comment = {"id": 900, "in_reply_to_id": 800, "body": body, "user": user, "created_at": _sample.AT} | changed
    return _sample.payload(action, pull_request={"number": 12}, comment=comment)


def _command(text: str, thread: str) -> Wanted:
    place = Place(
        transport="github",
        channel="review-comment",
        thread=thread,
        message="900",
        repository=_sample.REPOSITORY,
        number=12,
    )
    person = Person(transport="github", id="mona", name="mona")
    return (CommandGiven(id="github-review-comment-900", text=text, person=person, place=place, at=_sample.AT),)


_NOTED = TimelineNoted(
    repository=_sample.REPOSITORY,
    events=(
        TimelineEvent(
            repository_id=71,
            number=12,
            event="commented",
            at=_sample.AT,
            actor="mona",
            details={"id": 900, "place": "code"},
        ),
    ),
)


def _reply(body: str) -> Wanted:
    return (
        _NOTED,
        ReplyNoted(
            repository=_sample.REPOSITORY,
            number=12,
            comment_id=900,
            in_reply_to=800,
            author="mona",
            body=body,
            at=_sample.AT,
        ),
    )


_BOT = {"login": "helper[bot]", "type": "Bot"}

examples = (
    Example("a command in a thread", _said("/seawall dismiss by design"), _command("dismiss by design", "800")),
    Example(
        "a command that begins a thread",
        _said("@seawall explain this", in_reply_to_id=None),
        _command("explain this", "900"),
    ),
    Example("an answer", _said("Fixed, thanks"), _reply("Fixed, thanks")),
    Example("an answer that quotes a command", _said("> /seawall fix\n\nNo."), _reply("> /seawall fix\n\nNo.")),
    Example(
        "somebody begins a thread",
        _said("Why not a queue?", in_reply_to_id=None),
        (_NOTED,),
    ),
    Example("an answer of a bot", _said("Fixed", user=_BOT), Ignored("a bot wrote the comment")),
    Example(
        "our own answer", _said("Fixed in `abc1234`.\n\n<!-- seawall:9f86d0 -->"), Ignored("the comment is our own")
    ),
    Example("an edit", _said("/seawall help", "edited"), Ignored("a comment that is edited asks for nothing")),
)
