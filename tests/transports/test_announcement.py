"""A channel is told what is new, weightiest first, and can answer each finding."""

from bot.domain import Buttons, Severity, Words
from bot.transports.announcement import announcement, finding_url
from bot.transports.writing.inline import plain, runs
from tests.transports.test_golden import PULL_REQUEST, finding, review


def test_a_clean_review_is_not_announced() -> None:
    assert announcement(review(), PULL_REQUEST) is None


def test_what_is_milder_than_the_floor_is_not_announced() -> None:
    assert announcement(review(finding("low", "x", 1)), PULL_REQUEST, Severity.HIGH) is None


def test_only_what_was_not_said_before_is_announced() -> None:
    old, new = finding("high", "old", 1, "a"), finding("high", "new", 2, "b")
    reply = announcement(review(old, new), PULL_REQUEST, fresh=[new])
    assert reply is not None
    assert reply.title == "1 new finding in acme/checkout#12"
    assert "old" not in str(reply.parts)


def test_each_finding_can_be_opened_explained_and_dismissed() -> None:
    reply = announcement(review(finding("high", "x", 12)), PULL_REQUEST)
    assert reply is not None
    assert reply.is_public
    [buttons] = [part for part in reply.parts if isinstance(part, Buttons)]
    assert [button.command for button in buttons.buttons] == [
        "",
        "explain aaaaaaa acme/checkout#12",
        "dismiss aaaaaaa acme/checkout#12",
    ]
    assert buttons.buttons[0].url == finding_url(finding("high", "x", 12), PULL_REQUEST)
    assert buttons.buttons[0].url.endswith("R12")


def test_the_weightiest_five_are_shown_and_the_rest_counted() -> None:
    found = [finding("low", f"mild {line}", line) for line in range(1, 6)] + [finding("critical", "grave", 9)]
    reply = announcement(review(*found), PULL_REQUEST)
    assert reply is not None
    words = [part.text for part in reply.parts if isinstance(part, Words)]
    assert "grave" in words[1]
    assert words[-1].startswith("… and 1 more on ")


def test_a_title_is_told_letter_by_letter() -> None:
    pull_request = PULL_REQUEST.model_copy(update={"title": "](javascript:x) **`a`** <b>", "author": "a_b_c"})
    reply = announcement(review(finding("high", "[x](https://evil.test)", 1)), pull_request)
    assert reply is not None
    words = [part.text for part in reply.parts if isinstance(part, Words)]
    assert plain(words[0]) == "](javascript:x) **`a`** <b> by a_b_c · acme/checkout#12"
    assert [run.text for run in runs(words[0]) if run.url] == ["acme/checkout#12"]
    assert "[x](https://evil.test)" in plain(words[1])
