"""Buckets of our own, and what providers say of theirs."""

from datetime import UTC, datetime

import pytest

from bot.errors import ModelUnavailable
from bot.llm.limits import ToldLimits, told_wait, told_windows
from bot.llm.throttle import request_throttle, token_throttle

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


class Time:
    def __init__(self):
        self.at = 100.0
        self.slept = []

    def __call__(self):
        return self.at

    def sleep(self, seconds):
        self.slept.append(seconds)


@pytest.fixture
def time():
    return Time()


def test_the_throttle_spaces_calls_after_a_burst(time):
    throttle = request_throttle(60, time, time.sleep)
    for _ in range(9):
        throttle.wait(deadline=200.0)
    assert time.slept == [pytest.approx(1.0), pytest.approx(2.0)]


def test_the_throttle_says_no_at_once_when_the_turn_comes_too_late(time):
    throttle = request_throttle(1, time, time.sleep)
    throttle.wait(deadline=101.0)
    with pytest.raises(ModelUnavailable, match="calls_per_minute") as away:
        throttle.wait(deadline=101.0)
    assert away.value.retry_after_s > 1
    assert time.slept == []


def test_no_limit_in_tokens_is_no_bucket(time):
    assert token_throttle(0, time, time.sleep) is None


def test_tokens_come_back_with_time_and_what_was_not_used_at_once(time):
    throttle = token_throttle(6000, time, time.sleep)
    throttle.wait(deadline=200.0, amount=6000)
    throttle.wait(deadline=200.0, amount=1000)
    assert time.slept == [pytest.approx(10.0)]
    throttle.correct(-1000)
    throttle.wait(deadline=200.0, amount=100)
    assert time.slept[1:] == [pytest.approx(1.0)]
    time.at += 3600
    assert throttle.share == 1.0


def test_a_question_larger_than_the_bucket_waits_for_a_full_one_and_not_for_ever(time):
    throttle = token_throttle(1000, time, time.sleep)
    throttle.wait(deadline=200.0, amount=50_000)
    throttle.wait(deadline=200.0, amount=50_000)
    assert time.slept == [pytest.approx(60.0)]


OPENAI = {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "1m30s",
    "x-ratelimit-limit-tokens": "30000",
    "x-ratelimit-remaining-tokens": "6000",
    "x-ratelimit-reset-tokens": "48s",
}
ANTHROPIC = {
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:02Z",
    "anthropic-ratelimit-input-tokens-limit": "40000",
    "anthropic-ratelimit-input-tokens-remaining": "0",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-22T12:00:40Z",
}


def test_each_dialect_of_limits_is_read():
    assert told_windows(OPENAI, NOW) == {"requests": (500.0, 0.0, 90.0), "tokens": (30000.0, 6000.0, 48.0)}
    assert told_windows(ANTHROPIC, NOW) == {"requests": (50.0, 49.0, 2.0), "input-tokens": (40000.0, 0.0, 40.0)}


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("20ms", 0.02), ("6m0s", 360.0), ("1h2m3.5s", 3723.5), ("12", 12.0), ("2026-11-22T12:01:00+00:00", 60.0)],
)
def test_each_way_to_say_when_is_understood(reset, seconds):
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}
    assert told_wait(headers, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize("reset", ["", "soon", "5 parsecs", "nan", "9999h", "-", "6m what"])
def test_what_is_no_time_is_no_limit(reset):
    assert told_windows({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset}, NOW) == {}


def test_a_question_waits_only_for_the_tokens_it_lacks(time):
    limits = ToldLimits(time, lambda: NOW)
    limits.note(OPENAI | {"x-ratelimit-remaining-requests": "10"})
    assert limits.wait_s(5000) == 0.0
    assert limits.wait_s(12_000) == pytest.approx(48 * 6000 / 24_000)
    assert limits.wait_s(90_000) == pytest.approx(48.0)
    time.at += 12
    assert limits.wait_s(12_000) == 0.0


def test_questions_on_their_way_count_until_the_provider_says_more(time):
    limits = ToldLimits(time, lambda: NOW)
    limits.note(OPENAI | {"x-ratelimit-remaining-requests": "1"})
    limits.use(100)
    assert limits.wait_s(100) > 0
    limits.note(OPENAI | {"x-ratelimit-remaining-requests": "9"})
    assert limits.wait_s(100) == 0.0


def test_the_next_question_waits_as_the_last_answer_asked(bench, endpoint, inputs):
    told = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "5s"}
    endpoint.plays(endpoint.answers([], headers=told), endpoint.answers([]))
    gateway = bench.gateway()
    gateway.review(inputs)
    gateway.review(inputs)
    assert bench.slept == [pytest.approx(5.0, abs=0.5)]


def test_a_limit_that_is_used_up_for_long_is_said_without_asking(bench, endpoint, inputs):
    told = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "10m0s"}
    endpoint.plays(endpoint.answers([], headers=told))
    gateway = bench.gateway(max_wait_s=60.0)
    gateway.review(inputs)
    with pytest.raises(ModelUnavailable, match="limits are used up") as away:
        gateway.review(inputs)
    assert 590 < away.value.retry_after_s <= 600
    assert len(endpoint.requests) == 1


def test_a_limit_without_a_retry_after_is_waited_out_by_its_reset(bench, endpoint, inputs):
    endpoint.plays(
        endpoint.fails(429, "slow down", x_ratelimit_remaining_tokens="0", x_ratelimit_reset_tokens="3s"),
        endpoint.answers([]),
    )
    assert bench.gateway().review(inputs).attempts == 2
    assert 3.0 <= bench.slept[0] <= 3.3


def test_tokens_a_minute_are_kept_to(bench, endpoint, inputs):
    gateway = bench.gateway(tokens_per_minute=100)
    gateway.review(inputs)
    gateway.review(inputs | {"title": "another"})
    assert len(bench.slept) == 1
    assert 0 < bench.slept[0] <= 80
