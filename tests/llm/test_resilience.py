"""Slow, limiting, failing and absent models."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import stamina

from bot.errors import LedgerError, ModelRefused, ModelUnavailable
from bot.llm import MemoryAccount
from bot.llm.account import Budget
from bot.llm.throttle import Throttle


@pytest.fixture
def without_backoff():
    with stamina.set_testing(True, attempts=9, cap=True):
        yield


def test_a_limit_is_waited_out_by_the_word_of_the_other_side(bench, endpoint, inputs):
    limit = endpoint.fails(429, "slow down", retry_after_ms="200")
    endpoint.plays(limit, limit, endpoint.answers([]))
    answer = bench.gateway().review(inputs)
    assert answer.attempts == 3
    gaps = [later - earlier for earlier, later in zip(endpoint.times, endpoint.times[1:], strict=False)]
    assert all(0.2 <= gap < 1.5 for gap in gaps), gaps


def test_a_limit_in_whole_seconds_is_honoured_too(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow down", Retry_After="1"), endpoint.answers([]))
    bench.gateway().review(inputs)
    assert endpoint.times[1] - endpoint.times[0] >= 1.0


def test_a_limit_that_lasts_too_long_gives_up_at_once_and_says_when(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow down", Retry_After="600"))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable) as away:
        bench.gateway(max_wait_s=5.0).review(inputs)
    assert away.value.retry_after_s == 600
    assert time.monotonic() - began < 5
    assert len(endpoint.requests) == 1


def test_an_account_out_of_credit_is_not_hammered(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "You exceeded your quota", code="insufficient_quota"))
    with pytest.raises(ModelUnavailable, match="out of credit"):
        bench.gateway().review(inputs)
    assert len(endpoint.requests) == 1


@pytest.mark.usefixtures("without_backoff")
def test_server_errors_are_tried_again(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500), endpoint.fails(503), endpoint.answers([]))
    assert bench.gateway().review(inputs).attempts == 3


@pytest.mark.usefixtures("without_backoff")
def test_tries_have_a_limit(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(502, "bad gateway"))
    with pytest.raises(ModelUnavailable, match="502"):
        bench.gateway(attempts=3, breaker_failures=99).review(inputs)
    assert len(endpoint.requests) == 3
    assert (bench.calls[0].outcome, bench.calls[0].attempts) == ("unavailable", 3)


def test_the_backoff_grows_and_jitters(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500), endpoint.answers([]))
    bench.gateway().review(inputs)
    assert 0.5 <= endpoint.times[1] - endpoint.times[0] < 2.5


def test_a_model_that_hangs_is_left_at_the_deadline(bench, endpoint, inputs):
    endpoint.plays(endpoint.hangs())
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        bench.gateway(timeout_s=0.5).review(inputs)
    assert 0.4 < time.monotonic() - began < 3
    assert len(endpoint.requests) == 1


def test_a_model_that_dribbles_is_left_at_the_deadline(bench, endpoint, inputs):
    endpoint.plays(endpoint.dribbles(0.05))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        bench.gateway(timeout_s=0.6).review(inputs)
    assert time.monotonic() - began < 3


def test_nobody_listening_names_the_address_to_check(bench, endpoint, inputs):
    with pytest.raises(ModelUnavailable, match="SEAWALL_LLM__BASE_URL"):
        bench.gateway(base_url="http://127.0.0.1:9/v1", attempts=1).review(inputs)


@pytest.mark.usefixtures("without_backoff")
def test_the_breaker_opens_spares_everyone_the_wait_and_closes_again(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500))
    gateway = bench.gateway(attempts=3, breaker_failures=3, breaker_reset_s=60.0)
    with pytest.raises(ModelUnavailable):
        gateway.review(inputs)
    with pytest.raises(ModelUnavailable, match="circuit breaker") as away:
        gateway.review(inputs)
    assert 55 < away.value.retry_after_s <= 60
    assert len(endpoint.requests) == 3
    bench.clock.ahead += 61
    endpoint.plays(endpoint.answers([]))
    gateway.review(inputs)
    assert gateway.clients[0].breaker.state == "closed"


@pytest.mark.usefixtures("without_backoff")
def test_a_failed_trial_opens_the_breaker_again(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500))
    gateway = bench.gateway(attempts=1, breaker_failures=1, breaker_reset_s=60.0)
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            gateway.review(inputs)
        bench.clock.ahead += 61
    assert len(endpoint.requests) == 2
    assert gateway.clients[0].breaker.state == "open"


def test_while_the_breaker_tries_one_call_the_others_do_not_queue(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500))
    gateway = bench.gateway(attempts=1, breaker_failures=1, breaker_reset_s=60.0, timeout_s=20.0)
    with pytest.raises(ModelUnavailable):
        gateway.review(inputs)
    bench.clock.ahead += 61
    endpoint.plays(endpoint.hangs())
    with ThreadPoolExecutor(1) as pool:
        trial = pool.submit(gateway.review, inputs)
        until = time.monotonic() + 5
        while len(endpoint.requests) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        with pytest.raises(ModelUnavailable, match="circuit breaker"):
            gateway.review(inputs)
        assert len(endpoint.requests) == 2
        endpoint.released.set()
        with pytest.raises(ModelUnavailable):
            trial.result(10)


def test_calls_run_side_by_side_through_one_breaker(bench, endpoint, inputs):
    together = threading.Barrier(3, timeout=10)
    answer = endpoint.answers([])

    def meet(to, body):
        together.wait()
        answer(to, body)

    endpoint.plays(meet)
    gateway = bench.gateway()
    with ThreadPoolExecutor(3) as pool:
        assert len([*pool.map(gateway.review, [inputs] * 3)]) == 3


def test_limits_and_refusals_do_not_open_the_breaker(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow", Retry_After="600"), endpoint.fails(401), endpoint.answers([]))
    gateway = bench.gateway(breaker_failures=1)
    for expected in (ModelUnavailable, ModelRefused):
        with pytest.raises(expected):
            gateway.review(inputs)
    gateway.review(inputs)


def test_the_stand_in_is_asked_when_the_first_is_away(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(503), endpoint.answers([]))
    answer = bench.gateway(attempts=1, fallback_model="openai:second").review(inputs)
    assert answer.model == "openai:second"
    assert [request["model"] for request in endpoint.requests] == ["scripted", "second"]
    assert [call.outcome for call in bench.calls] == ["unavailable", "answered"]


def test_when_both_are_away_the_sooner_time_counts(bench, endpoint, inputs):
    endpoint.plays(
        endpoint.fails(429, "a", Retry_After="900"),
        endpoint.fails(429, "b", Retry_After="300"),
    )
    with pytest.raises(ModelUnavailable, match="openai:scripted") as away:
        bench.gateway(fallback_model="openai:second").review(inputs)
    assert away.value.retry_after_s == 300


def test_a_refusal_is_not_passed_on_to_the_stand_in(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(401))
    with pytest.raises(ModelRefused):
        bench.gateway(fallback_model="openai:second").review(inputs)
    assert len(endpoint.requests) == 1


PRICED = {"input_usd_per_million": 1000.0, "output_usd_per_million": 1000.0, "max_output_tokens": 100}
"""A scripted answer costs 0.12 US dollars, an estimate a little more."""


def test_over_the_cap_nothing_is_sent_and_the_reason_is_said(bench, endpoint, inputs):
    account = MemoryAccount(lambda: datetime.now(UTC))
    account.record(0.9)
    with pytest.raises(ModelUnavailable, match="daily cap") as away:
        bench.gateway(account, daily_cap_usd=1.0, **PRICED).review(inputs)
    assert endpoint.requests == []
    assert 0 < away.value.retry_after_s <= 86400
    assert bench.calls[0].attempts == 0


def test_what_answers_cost_adds_up_to_the_cap(bench, endpoint, inputs):
    account = MemoryAccount(lambda: datetime.now(UTC))
    gateway = bench.gateway(account, daily_cap_usd=0.35, **PRICED)
    gateway.review(inputs)
    gateway.review(inputs)
    assert account.spent_today() == pytest.approx(0.24)
    with pytest.raises(ModelUnavailable, match="daily cap"):
        gateway.review(inputs)


def test_calls_under_way_count_against_the_cap():
    budget = Budget(MemoryAccount(lambda: datetime.now(UTC)), 1.0, lambda: datetime.now(UTC))
    with budget.reserve(0.6), pytest.raises(ModelUnavailable, match="daily cap"), budget.reserve(0.6):
        pass
    with budget.reserve(0.6):
        pass


def test_an_account_that_cannot_be_read_spends_nothing(bench, endpoint, inputs):
    class Broken:
        def spent_today(self):
            raise LedgerError("disk full")

        def record(self, cost_usd):
            raise LedgerError("disk full")

    with pytest.raises(ModelUnavailable, match="disk full"):
        bench.gateway(Broken(), **PRICED).review(inputs)
    assert endpoint.requests == []


def test_an_account_starts_anew_at_midnight_utc():
    day = [datetime(2026, 3, 1, 23, 59, tzinfo=UTC)]
    account = MemoryAccount(lambda: day[0])
    account.record(5.0)
    assert account.spent_today() == 5.0
    day[0] = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert account.spent_today() == 0.0


def test_the_throttle_spaces_calls_after_a_burst():
    now, slept = [100.0], []
    throttle = Throttle(60, lambda: now[0], slept.append)
    for _ in range(9):
        throttle.wait(deadline=200.0)
    assert slept == [pytest.approx(1.0), pytest.approx(2.0)]


def test_the_throttle_says_no_at_once_when_the_turn_comes_too_late():
    throttle = Throttle(1, lambda: 100.0, lambda s: None)
    throttle.wait(deadline=101.0)
    with pytest.raises(ModelUnavailable, match="calls_per_minute") as away:
        throttle.wait(deadline=101.0)
    assert away.value.retry_after_s > 1


@pytest.mark.parametrize(
    ("spent", "said"),
    [
        (1.2, r"\$1\.20 of \$1\.00 for models is spent; reviews go on"),
        (0.5, r"\$0\.50 of \$1\.00 for models is spent and the next answer may cost \$0\.60; reviews go on"),
    ],
)
def test_the_cap_says_what_is_spent_and_what_would_come_on_top(spent, said):
    account = MemoryAccount(lambda: datetime.now(UTC))
    account.record(spent)
    budget = Budget(account, 1.0, lambda: datetime.now(UTC))
    with pytest.raises(ModelUnavailable, match=said), budget.reserve(0.6):
        pass
