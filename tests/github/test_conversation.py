"""Answers said once, reactions, and who may ask for what: against the stand-in, with everything that goes wrong."""

from collections.abc import Callable

import pytest

from bot.demo import standin
from bot.demo.standin import Broken, ConnectionReset, Person, SecondaryLimit, ServerError, StandIn
from bot.demo.standin.faults import Effect
from bot.domain import CommandGiven, Place, Reply, Repository
from bot.domain import Person as GivenBy
from bot.errors import Forbidden, HostUnavailable, NotFound, RateLimited, Rejected
from bot.github import Conversation, GitHubHost
from bot.github.conversation import LONGEST_BODY
from bot.voices import GitHubVoice
from tests.github.conftest import Calls, HostFactory, Time

Say = Callable[[str], int]
KEY = "c-3f9a2b1"
POSTED = {"thread": ".*/replies$", "conversation": ".*/issues/1/comments$"}
LOST = [
    pytest.param(ServerError(502, after_write=True), id="502"),
    pytest.param(ConnectionReset(after_write=True), id="reset"),
    pytest.param(Broken("truncated"), id="truncated"),
    pytest.param(Broken("garbage"), id="garbage"),
]


@pytest.fixture
def talk(host: GitHubHost, shop: Repository) -> Conversation:
    return Conversation(host, shop)


@pytest.fixture
def dana(there: StandIn, shop_there: standin.Repository) -> Person:
    return there.person(shop_there, "dana", "write")


@pytest.fixture
def first(pull_there: standin.PullRequest, dana: Person) -> int:
    """The first comment of a thread."""
    return dana.comment_on_line(pull_there, "app.py", 11, "Slow?").id


@pytest.fixture(params=["thread", "conversation"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def say(place: str, talk: Conversation, first: int) -> Say:
    if place == "thread":
        return lambda body: talk.reply_in_thread(1, first, body, KEY)
    return lambda body: talk.comment(1, body, KEY)


@pytest.fixture
def said(place: str, pull_there: standin.PullRequest) -> Callable[[], list[int]]:
    """Ids of what Seawall has said there, as GitHub keeps it."""

    def ids() -> list[int]:
        everything = pull_there.review_comments if place == "thread" else pull_there.comments
        return [one.id for one in everything.values() if one.user.login == "seawall[bot]"]

    return ids


def test_an_answer_stands_in_its_thread_with_a_hidden_marker(
    talk: Conversation, first: int, pull_there: standin.PullRequest
) -> None:
    answer = pull_there.review_comments[talk.reply_in_thread(1, first, "Fixed in `abc1234`.", KEY)]
    assert (answer.in_reply_to, answer.path) == (first, "app.py")
    assert answer.body.startswith("Fixed in `abc1234`.\n\n<!-- seawall:")
    assert answer.body.endswith(" -->")


def test_what_is_said_again_is_said_once(say: Say, said: Callable[[], list[int]]) -> None:
    assert [say("Here"), say("Here, in other words")] == said() * 2


def test_another_key_says_another_thing(talk: Conversation, pull_there: standin.PullRequest) -> None:
    assert talk.comment(1, "Here", KEY) != talk.comment(1, "Here", "c-0000000")
    assert len(pull_there.comments) == 2


@pytest.mark.parametrize("lost", LOST)
def test_an_answer_that_was_stored_and_its_receipt_lost_is_there_once(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str, lost: Effect, times: Time
) -> None:
    there.fail(lost, "POST", POSTED[place])
    assert said() == [] == times.slept_s
    assert [say("Here")] == said()


def test_after_a_crash_the_answer_is_found(
    there: StandIn,
    a_host: HostFactory,
    shop: Repository,
    say: Say,
    said: Callable[[], list[int]],
    place: str,
    first: int,
) -> None:
    """Another process says the same."""
    before = say("Here")
    another = Conversation(a_host(), shop)
    again = another.reply_in_thread(1, first, "Here", KEY) if place == "thread" else another.comment(1, "Here", KEY)
    assert [before] == [again] == said()


def test_an_answer_lost_on_its_way_is_sent_again(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str, calls: Calls
) -> None:
    there.fail(ServerError(502), "POST", POSTED[place], times=2)
    assert [say("Here")] == said()
    assert len([one for one in calls.seen if one[0] == "POST" and one[2] in (201, 502)]) == 3 + 1  # and the token


def test_an_answer_that_stays_lost_is_left_for_later(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str
) -> None:
    there.fail(ServerError(502), "POST", POSTED[place], times=None)
    with pytest.raises(HostUnavailable, match="lost the answer 3 times"):
        say("Here")
    assert said() == []


def test_a_secondary_limit_is_raised_with_its_wait_and_nothing_is_sent_again(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str, times: Time
) -> None:
    there.fail(SecondaryLimit(retry_after_s=17), "POST", POSTED[place])
    with pytest.raises(RateLimited) as limited:
        say("Here")
    assert limited.value.retry_after_s == 17
    assert times.slept_s == []
    times.sleep(18)
    assert [say("Here")] == said()


def test_looking_is_repeated_while_the_host_stumbles(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str
) -> None:
    there.fail(ServerError(502), "GET", ".*/comments$", times=2)
    assert [say("Here")] == said()


def test_where_nobody_can_look_nothing_is_said(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str
) -> None:
    there.fail(ServerError(502), "GET", ".*/comments$", times=None)
    with pytest.raises(HostUnavailable):
        say("Here")
    assert said() == []


def test_an_answer_that_shows_late_is_not_left_double(
    there: StandIn, say: Say, said: Callable[[], list[int]], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub stores it, loses the answer, and one of its servers does not show it until it is sent again."""
    there.fail(ServerError(502, after_write=True), "POST", POSTED[place])
    look = Conversation._is
    monkeypatch.setattr(Conversation, "_is", lambda *asked: len(said()) > 1 and look(*asked))
    assert [say("Here")] == said()


def test_a_marker_that_somebody_copied_does_not_silence_us(
    talk: Conversation, pull_there: standin.PullRequest, dana: Person, first: int
) -> None:
    ours = talk.comment(1, "Here", KEY)
    copied = dana.comment(pull_there, pull_there.comments.pop(ours).body).id
    assert talk.comment(1, "Here", KEY) not in (ours, copied)


def test_an_answer_is_found_among_hundreds_and_only_what_is_newer_is_read(
    talk: Conversation, pull_there: standin.PullRequest, dana: Person, calls: Calls
) -> None:
    for number in range(120):
        dana.comment_on_line(pull_there, "app.py", 11, f"Before {number}")
    first = dana.comment_on_line(pull_there, "app.py", 11, "Slow?").id
    ours = talk.reply_in_thread(1, first, "Here", KEY)
    assert calls.of("GET", "/pulls/{number}/comments") == [200]
    for number in range(120):
        dana.reply(pull_there, first, f"After {number}")
    assert talk.reply_in_thread(1, first, "Here", KEY) == ours
    for number in range(120):
        dana.comment(pull_there, f"More {number}")
    said = talk.comment(1, "Here", KEY)
    assert talk.comment(1, "Here", KEY) == said
    before = len(calls)
    assert talk.comment(1, "Here", "c-0000000", since="2099-01-01T00:00:00Z") != said
    assert len(calls) == before + 2


def test_a_thread_that_is_gone_is_not_found_and_an_answer_cannot_be_answered(
    talk: Conversation, pull_there: standin.PullRequest, dana: Person, first: int
) -> None:
    answer = dana.reply(pull_there, first, "No").id
    with pytest.raises(Rejected):
        talk.reply_in_thread(1, answer, "Here", KEY)
    dana.delete(pull_there, first)
    with pytest.raises(NotFound):
        talk.reply_in_thread(1, first, "Here", KEY)


def test_a_command_whose_thread_is_gone_is_answered_in_the_conversation(
    host: GitHubHost, shop: Repository, pull_there: standin.PullRequest, dana: Person, first: int
) -> None:
    command = dana.reply(pull_there, first, "/seawall explain")
    dana.delete(pull_there, first)
    given = CommandGiven(
        id=f"github-review-comment-{command.id}",
        text="explain",
        person=GivenBy(transport="github", id="dana"),
        place=Place(
            transport="github",
            channel="review-comment",
            thread=str(first),
            message=str(command.id),
            repository=shop,
            number=1,
        ),
        at="2026-03-02T10:00:00Z",
    )
    for _ in range(2):
        GitHubVoice(host).say(given, Reply(state="done", title="A timeout is missing"), KEY)
    [answer] = pull_there.comments.values()
    assert "A timeout is missing" in answer.body
    assert [one.content for one in command.reactions] == ["rocket"]


def test_without_the_permission_the_error_names_it(there: StandIn, talk: Conversation, say: Say) -> None:
    there.app.permissions["pull_requests"] = "read"
    with pytest.raises(Forbidden, match="pull_requests: write"):
        say("Here")


def test_a_text_that_is_too_long_is_cut_and_keeps_its_marker(say: Say, said: Callable[[], list[int]]) -> None:
    say("x" * 70_000)
    assert [say("x" * 70_000)] == said()


def test_our_own_comment_is_edited_and_nobody_else_s(
    talk: Conversation, pull_there: standin.PullRequest, dana: Person, first: int
) -> None:
    ours, answer = talk.comment(1, "Under way", KEY), talk.reply_in_thread(1, first, "Under way", KEY)
    talk.edit("issue-comment", ours, "Done")
    talk.edit("review-comment", answer, "Done" * LONGEST_BODY)
    assert pull_there.comments[ours].body.startswith("Done\n\n<!-- seawall:")
    assert (talk.comment(1, "x", KEY), talk.reply_in_thread(1, first, "x", KEY)) == (ours, answer)
    with pytest.raises(Forbidden, match="not written by Seawall"):
        talk.edit("review-comment", first, "Done")
    assert pull_there.review_comments[first].body == "Slow?"


def test_with_a_person_s_token_the_person_s_own_words_are_not_edited(
    there: StandIn, a_host: HostFactory, shop: Repository, pull_there: standin.PullRequest, dana: Person
) -> None:
    hers = dana.comment(pull_there, "Mine").id
    with pytest.raises(Forbidden, match="not written by Seawall"):
        Conversation(a_host(token=there.token_for("dana")), shop).edit("issue-comment", hers, "Done")


def test_a_reaction_is_there_once_whatever_is_lost(
    there: StandIn, talk: Conversation, pull_there: standin.PullRequest, dana: Person, first: int
) -> None:
    command = dana.comment(pull_there, "/seawall help").id
    there.fail(ServerError(502, after_write=True), "POST", ".*/reactions$")
    there.fail(ServerError(502), "POST", ".*/reactions$")
    talk.react("issue-comment", command, "eyes")
    talk.react("issue-comment", command, "eyes")
    talk.react("issue-comment", command, "rocket")
    talk.react("review-comment", first, "confused")
    assert [one.content for one in pull_there.comments[command].reactions] == ["eyes", "rocket"]
    assert [one.content for one in pull_there.review_comments[first].reactions] == ["confused"]
    with pytest.raises(NotFound):
        talk.react("issue-comment", 5, "eyes")
