"""What people mean by a few words."""

import pytest

from bot.review.opinions import opinion_of_reaction, opinion_of_reply

AGREEING = (
    "Good catch, thanks!",
    "You're right, will fix.",
    "fixed",
    "Done in the last commit.",
    "Agreed. I'll add a timeout.",
    "makes sense",
    "> This call has no timeout\n\nWell spotted, let me change it.",
)
OBJECTING = (
    "False positive: the session has a default timeout.",
    "This is by design.",
    "I disagree, the caller bounds it.",
    "That is not a problem here, it runs once a day in a cron job",
    "won't fix",
    "The client already has a limit above.",
    "This is wrong, the lock is held by the caller.",
    "doesn't apply to tests",
    "intentional",
    "Thanks, but this is a false alarm.",
)
NEITHER = (
    "",
    "Is this really fixed?",
    "What would you suggest?",
    "> good catch\n\nHm.",
    "`done` is the name of the channel",
    "```\nfixed\n```",
    "cc the payments team",
    "I don't agree or disagree yet?",
    "It is not fixed yet",
    "I can't say this is correct",
)


@pytest.mark.parametrize("body", AGREEING)
def test_agreement_is_heard(body: str) -> None:
    assert opinion_of_reply(body) == "accepted"


@pytest.mark.parametrize("body", OBJECTING)
def test_an_objection_is_heard(body: str) -> None:
    assert opinion_of_reply(body) == "disputed"


@pytest.mark.parametrize("body", NEITHER)
def test_what_is_not_plain_says_nothing(body: str) -> None:
    assert opinion_of_reply(body) == "open"


def test_eyes_are_no_opinion() -> None:
    assert [opinion_of_reaction(name) for name in ("+1", "-1", "eyes", "laugh")] == [
        "accepted",
        "disputed",
        "open",
        "open",
    ]
