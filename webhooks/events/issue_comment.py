"""A new comment on a pull request whose first line begins `/seawall` or `@seawall` is a command; it is answered there.
Of any other the timeline learns that somebody commented, and no more.

Edited and deleted comments, comments of bots and Seawall's own, quotations, code, and comments on plain issues are
passed over. Who may give which command is asked later, of GitHub.
"""

from typing import Any

from bot.domain import CommandGiven, Person, Place, TimelineEvent, TimelineNoted
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.comments import command_given, command_in, comment_noted, unheard_because
from webhooks.events import _sample
from webhooks.payload import Payload


def jobs(payload: Payload) -> Wanted:
    if ignored := unheard_because(payload):
        return ignored
    issue = payload.part("issue")
    if issue.part_or_none("pull_request") is None:
        return Ignored("the comment is on an issue, not on a pull request")
    text = command_in(payload.part("comment").text_or_empty("body"))
    if text is None:
        return (comment_noted(payload, issue.number("number"), "conversation"),)
    return (command_given(payload, text, "issue-comment", issue.number("number"), thread=None),)


def _said(body: str, action: str = "created", on: dict[str, Any] | None = None, **author: str) -> dict[str, Any]:
    user = {"login": "mona", "type": "User"} | author
    comment = {"id": 900, "body": body, "user": user, "created_at": _sample.AT}
    issue = {"number": 12, "pull_request": {"url": "https://api.github.com/repos/acme/checkout/pulls/12"}}
    return _sample.payload(action, issue=issue if on is None else on, comment=comment)


def _command(text: str) -> Wanted:
    place = Place(transport="github", channel="issue-comment", message="900", repository=_sample.REPOSITORY, number=12)
    person = Person(transport="github", id="mona", name="mona")
    return (CommandGiven(id="github-issue-comment-900", text=text, person=person, place=place, at=_sample.AT),)


_NO_COMMAND: Wanted = (
    TimelineNoted(
        repository=_sample.REPOSITORY,
        events=(
            TimelineEvent(
                repository_id=71,
                number=12,
                event="commented",
                at=_sample.AT,
                actor="mona",
                details={"id": 900, "place": "conversation"},
            ),
        ),
    ),
)

examples = (
    Example("a command", _said("/seawall review full\n\nplease"), _command("review full")),
    Example("a mention", _said("@seawall why is this slow?"), _command("why is this slow?")),
    Example("a mention with a colon, as on a telephone", _said("@Seawall: help"), _command("help")),
    Example("nothing but the name", _said("/seawall\r\n"), _command("")),
    Example("a command below an empty line", _said("\r\n/seawall help"), _command("help")),
    Example("a quotation", _said("> /seawall help\n\nWhat does this do?"), _NO_COMMAND),
    Example("in a code fence", _said("```\n/seawall help\n```"), _NO_COMMAND),
    Example("as indented code", _said("    /seawall help"), _NO_COMMAND),
    Example("on the second line", _said("Look:\n/seawall help"), _NO_COMMAND),
    Example("another word", _said("/seawallx help"), _NO_COMMAND),
    Example("a team of that name", _said("@seawall/owners please look"), _NO_COMMAND),
    Example("the App's own account", _said("@seawall[bot] help"), _NO_COMMAND),
    Example("an edit", _said("/seawall help", action="edited"), Ignored("a comment that is edited asks for nothing")),
    Example(
        "a deletion", _said("/seawall help", action="deleted"), Ignored("a comment that is deleted asks for nothing")
    ),
    Example(
        "on a plain issue",
        _said("/seawall help", on={"number": 7}),
        Ignored("the comment is on an issue, not on a pull request"),
    ),
    Example("by a bot", _said("/seawall help", type="Bot"), Ignored("a bot wrote the comment")),
    Example("by a bot, told by its name", _said("/seawall help", login="x[bot]"), Ignored("a bot wrote the comment")),
    Example(
        "our own, written with a person's token",
        _said("/seawall help\n\n<!-- seawall:9f86d081884c7d659a2f -->"),
        Ignored("the comment is our own"),
    ),
    Example(
        "by an account that is gone",
        _sample.payload("created", comment={"id": 900, "body": "/seawall", "user": None}),
        Ignored("the comment's author is gone"),
    ),
)
