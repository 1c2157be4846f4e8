"""Which repository, pull request and finding a command is about."""

import pytest

from bot.domain import StartReview
from tests.chat.people import PULL_REQUEST, REPOSITORY, SECRET
from tests.chat.town import Town, text_of


@pytest.mark.parametrize(
    "text",
    [
        "review acme/shop#7",
        "review ACME/Shop#7",
        "review https://github.com/acme/shop/pull/7",
        "review <https://github.com/acme/shop/pull/7/files>",
        "review https://github.com/acme/shop/pull/7#discussion_r900",
        "review #7",
        "acme/shop#7 review",
    ],
)
def test_a_pull_request_is_named_in_chat(town: Town, text: str) -> None:
    found = town.chat(text)
    if text.startswith("acme"):
        assert found.reply.state == "misunderstood"  # a line begins with its command
        return
    assert found.wants == (StartReview(pull_request=PULL_REQUEST),), text_of(found)


def test_the_only_subscription_of_a_channel_is_meant(town: Town) -> None:
    assert town.chat("waivers").reply.title == "1 waiver is in force in acme/shop"
    town.ledger.subscribe("slack", "T1", "C1", SECRET.id, {}, "mona", "2026-11-22T08:00:00+00:00")
    found = town.chat("waivers")
    assert (found.reply.state, found.reply.title) == ("misunderstood", "Which repository?")
    assert "`waivers owner/repo`" in text_of(found)


def test_without_a_pull_request_one_is_asked_for(town: Town) -> None:
    found = town.chat("review")
    assert (found.reply.state, found.reply.title) == ("misunderstood", "Which pull request?")
    assert "`review owner/repo#12`" in text_of(found)


def test_an_address_on_another_host_names_nothing(town: Town) -> None:
    assert town.chat("review https://evil.example/acme/shop/pull/7").reply.state == "misunderstood"


def test_a_repository_that_may_not_be_seen_and_one_that_does_not_exist_sound_the_same(town: Town) -> None:
    hidden, missing = town.chat("config acme/vault"), town.chat("config acme/nowhere")
    assert hidden.reply.state == missing.reply.state == "refused"
    assert text_of(hidden).replace("vault", "X").replace(hidden.reply.run_id, "") == text_of(missing).replace(
        "nowhere", "X"
    ).replace(missing.reply.run_id, "")


def test_a_repository_that_is_not_on_the_list_is_not_served(town: Town) -> None:
    town.settings["repositories"] = ["acme/other"]
    assert town.chat("config acme/shop", "mona").reply.state == "refused"


def test_on_github_another_pull_request_is_only_words(town: Town) -> None:
    found = town.say("ask is it like acme/vault#9?")
    assert town.model is not None
    assert found.reply.state == "done"
    assert town.model.shown[0][1]["question"] == "is it like acme/vault#9?"
    assert {name for name, _ in town.permissions.asked} == {"acme/shop"}


def test_a_reference_at_the_end_of_a_question_is_its_address_and_in_the_middle_part_of_it(town: Town) -> None:
    assert town.model is not None
    town.chat("ask is the retry safe? acme/shop#7")
    town.chat("ask why does acme/shop#7 wait so long?")
    assert [inputs["question"] for _, inputs in town.model.shown] == [
        "is the retry safe?",
        "why does acme/shop#7 wait so long?",
    ]


def test_a_finding_is_found_by_the_beginning_of_its_handle(town: Town) -> None:
    assert town.say("dismiss a1b2 by design").reply.state == "done"


def test_a_finding_that_is_not_there_is_answered_with_those_that_are(town: Town) -> None:
    found = town.say("dismiss ffff000 by design")
    assert found.reply.state == "misunderstood"
    assert "`a1b2c3d` session.post can wait for ever" in text_of(found)


def test_a_handle_that_fits_two_findings_asks_which(town: Town) -> None:
    from tests.chat.people import FINDING, POINT

    twin = POINT.model_copy(
        update={"fingerprint": "a1b2ffffffffffff", "finding": FINDING.model_copy(update={"title": "the other"})}
    )
    town.ledger.keep_points(REPOSITORY.id, 7, [twin])
    found = town.say("dismiss a1b2 by design")
    assert found.reply.title == "More than one finding begins so"
    assert town.ledger.evidence(REPOSITORY.id, 7) == {}


def test_a_thread_of_somebody_else_implies_nothing(town: Town) -> None:
    from bot.domain import Person, Place

    place = Place(transport="github", repository=REPOSITORY, number=7, thread="12345")
    found = town.answer(town.given("dismiss by design", Person(transport="github", id="octocat"), place))
    assert found.reply.state == "misunderstood"


def test_a_pull_request_that_is_gone_is_said(town: Town) -> None:
    found = town.chat("review acme/shop#8")
    assert (found.reply.state, found.reply.title) == ("misunderstood", "There is no pull request acme/shop#8")
