"""What a post-incident review tells of itself."""

import pytest

from bot.domain import Incident, Point
from bot.review.postmortem import class_in, told, with_verdict
from tests.review.builders import a_finding

STORY = """\
---
title: "Checkout stood still"
date: 2026-10-03
---

# Something else

On 2026-10-04 a [retry](https://wiki.example/retry) without limit kept knocking. The retries had no backoff and no
jitter. Brought by https://github.com/acme/shop/pull/7 and acme/till#9. Status page: https://status.example/i/42.
"""


def test_a_whole_story_is_read() -> None:
    story = told(STORY)
    assert (story.title, story.broke_at, story.class_) == ("Checkout stood still", "2026-10-03", "unbounded-retry")
    assert story.pulls == (("acme/shop", 7), ("acme/till", 9))
    assert story.url == "https://wiki.example/retry"


def test_without_front_matter_the_heading_is_the_title_and_else_the_first_line() -> None:
    assert told("intro\n\n## **The outage** of [May](https://x.example)\n").title == "The outage of May"
    assert told("\n the pool ran dry\nlater").title == "the pool ran dry"
    assert told("").title == ""


def test_a_time_is_taken_where_it_is_told() -> None:
    assert told("At 2026-10-03 14:05 it broke").broke_at == "2026-10-03T14:05:00+00:00"
    assert told("In 2026-13-40").broke_at == ""


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("a missing timeout on the bank's client", "missing-timeout"),
        ("timeouts were missing", "missing-timeout"),
        ("a thundering herd after the deploy", "thundering-herd"),
        ("cache stampede on expiry", "thundering-herd"),
        ("nobody had set a circuit breaker", "missing-circuit-breaker"),
        ("the write was retried: a non-idempotent retry charged twice", "non-idempotent-retry"),
        ("the resource leak ate all handles", "resource-leak"),
        ("somebody pulled the plug", ""),
        ("", ""),
    ],
)
def test_the_failure_mode_is_known_by_its_words(text: str, class_: str) -> None:
    assert class_in(text) == class_


def an_incident(class_: str = "missing-timeout") -> Incident:
    return Incident(id="i-1234567", title="x", class_=class_, author="mona", at="2026-10-03T00:00:00+00:00")


def a_point(state: str = "open", said: str = "inline") -> Point:
    return Point.model_validate({
        "fingerprint": "f" * 16, "finding": a_finding(), "state": state, "said": said,
        "first_head": "a" * 40, "last_head": "a" * 40,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("points", "verdict"),
    [
        ([a_point()], "fired"),
        ([a_point("dismissed")], "dismissed"),
        ([a_point("dismissed"), a_point("fixed")], "fired"),
        ([a_point(said="held")], "missing"),
        ([], "missing"),
    ],
)
def test_the_verdict_follows_what_was_said(points: list[Point], verdict: str) -> None:
    judged = with_verdict(an_incident(), points)
    assert judged.verdict == verdict
    assert judged.paths == (("pay.py",) if points else ())


def test_without_a_failure_mode_nobody_can_tell() -> None:
    assert with_verdict(an_incident(""), [a_point()]).verdict == "unknown"
