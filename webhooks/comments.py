"""What a person said in a comment, and whether it is a command."""

import re
from typing import Literal

from bot.domain import CommandGiven, Person, Place, TimelineNoted, is_marked
from bot.domain.address import said_to_seawall
from bot.redaction import masked
from webhooks.behaviour import Ignored
from webhooks.payload import Payload
from webhooks.reading import is_bot, moment, repository_of

MAX_TEXT_CHARS = 4_000
"""A longer command or reply is cut here."""
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def unheard_because(payload: Payload) -> Ignored | None:
    """Why this comment is nobody speaking to us now; None where a person has just written it."""
    if (action := payload.text("action")) != "created":
        return Ignored(f"a comment that is {action} asks for nothing")
    comment = payload.part("comment")
    author = comment.part_or_none("user")  # null once the account is deleted
    if author is None:
        return Ignored("the comment's author is gone")
    if is_bot(author):
        return Ignored("a bot wrote the comment")
    if is_marked(comment.text_or_empty("body")):
        return Ignored("the comment is our own")
    return None


def command_in(body: str) -> str | None:
    """What follows `/seawall` or `@seawall` at the beginning of the first line, in one line; None where no command
    is given. Empty lines above it do not count.
    """
    said = said_to_seawall(body)
    return None if said is None else masked(_UNSPEAKABLE.sub(" ", said)).strip()[:MAX_TEXT_CHARS]


def command_given(payload: Payload, text: str, channel: str, number: int, thread: int | None) -> CommandGiven:
    """The command of the payload's comment. `channel`: `issue-comment` or `review-comment`; `thread`: the id of the
    review thread's first comment."""
    comment = payload.part("comment")
    comment_id, login = comment.number("id"), comment.part("user").name("login")
    return CommandGiven(
        id=f"github-{channel}-{comment_id}",
        text=text,
        person=Person(transport="github", id=login, name=login),
        place=Place(
            transport="github",
            channel=channel,
            thread=str(thread) if thread else "",
            message=str(comment_id),
            repository=repository_of(payload),
            number=number,
        ),
        at=comment.time("created_at"),
    )


def comment_noted(payload: Payload, number: int, place: Literal["conversation", "code"]) -> TimelineNoted:
    """That a person commented, for the weekly figures; what they said is no part of it."""
    comment = payload.part("comment")
    details = {"id": comment.number("id"), "place": place}
    return moment(payload, number, "commented", comment.time("created_at"), comment.part("user").name("login"), details)
