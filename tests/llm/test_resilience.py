"""Slow, limiting, failing and absent models."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import ModelRefused, ModelUnavailable
from bot.llm.retries import FLOOR, WINDOW_S, RetryBudget, wait_before


def test_a_limit_is_waited_out_by_the_word_of_the_other_side(bench, endpoint, inputs):
    limit = endpoint.fails(429, "slow down", retry_after_ms="200")
    endpoint.plays(limit, limit, endpoint.answers([]))
    answer = bench.gateway().review(inputs)
    assert answer.attempts == 3
    assert len(bench.slept) == 2
    assert all(0.2 <= slept <= 0.22 for slept in bench.slept)


def test_a_limit_in_whole_seconds_is_honoured_too(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow down", Retry_After="7"), endpoint.answers([]))
    bench.gateway().review(inputs)
    assert 7.0 <= bench.slept[0] <= 7.7


def test_a_limit_that_lasts_too_long_gives_up_at_once_and_says_when(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow down", Retry_After="600"))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable) as away:
        bench.gateway(max_wait_s=5.0).review(inputs)
    assert away.value.retry_after_s == 600
    assert bench.slept == []
    assert time.monotonic() - began < 60
    assert len(endpoint.requests) == 1


def test_an_account_out_of_credit_is_not_hammered(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "You exceeded your quota", code="insufficient_quota"))
    with pytest.raises(ModelUnavailable, match="out of credit"):
        bench.gateway().review(inputs)
    assert len(endpoint.requests) == 1


def test_server_errors_are_tried_again(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500), endpoint.fails(503), endpoint.answers([]))
    assert bench.gateway().review(inputs).attempts == 3


def test_tries_have_a_limit(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(502, "bad gateway"))
    with pytest.raises(ModelUnavailable, match="502"):
        bench.gateway(attempts=3, breaker_failures=99).review(inputs)
    assert len(endpoint.requests) == 3
    assert (bench.calls[0].outcome, bench.calls[0].attempts) == ("unavailable", 3)


def test_waits_are_anything_up_to_a_ceiling_that_doubles_and_ends():
    ceilings = [wait_before(retry, None, 10.0, lambda: 1.0) for retry in range(1, 8)]
    assert ceilings == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]
    assert wait_before(3, None, 10.0, lambda: 0.0) == 0.0
    assert wait_before(3, None, 10.0, lambda: 0.25) == 1.0


def test_what_the_other_side_asks_for_is_the_least_whatever_the_ceiling():
    assert wait_before(1, 30.0, 10.0, lambda: 0.0) == 30.0
    assert wait_before(1, 30.0, 10.0, lambda: 1.0) == 33.0


def test_no_wait_goes_past_the_deadline(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow down", Retry_After="30"))
    with pytest.raises(ModelUnavailable, match="limits our rate"):
        bench.gateway(timeout_s=20.0).review(inputs)
    assert (len(endpoint.requests), bench.slept) == (1, [])


def test_retries_are_a_tenth_of_the_calls_and_a_few():
    now = [0.0]
    budget = RetryBudget(lambda: now[0])
    assert [budget.take() for _ in range(FLOOR + 1)] == [True] * FLOOR + [False]
    for _ in range(20):
        budget.note_call()
    assert [budget.take() for _ in range(3)] == [True, True, False]
    now[0] += WINDOW_S
    assert budget.left == FLOOR


def test_when_everything_fails_the_retries_of_all_calls_together_are_bounded(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(503))
    gateway = bench.gateway(attempts=3, breaker_failures=999, calls_per_minute=6000)
    for number in range(20):
        with pytest.raises(ModelUnavailable):
            gateway.review(inputs | {"title": str(number)})
    assert len(endpoint.requests) == 20 + FLOOR + 2
    assert gateway.state.retries_left == 0


def test_a_model_that_hangs_is_left_at_the_deadline(bench, endpoint, inputs):
    endpoint.plays(endpoint.hangs())
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        bench.gateway(timeout_s=2.0).review(inputs)
    assert 1.9 < time.monotonic() - began < 25, "the other side hangs for half a minute"
    assert len(endpoint.requests) == 1


def test_a_model_that_dribbles_is_left_at_the_deadline(bench, endpoint, inputs):
    endpoint.plays(endpoint.dribbles(0.05))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        bench.gateway(timeout_s=2.0).review(inputs)
    assert time.monotonic() - began < 60, "the other side dribbles on for ever"


def test_nobody_listening_names_the_address_to_check(bench, endpoint, inputs):
    with pytest.raises(ModelUnavailable, match="SEAWALL_LLM__BASE_URL"):
        bench.gateway(base_url="http://127.0.0.1:9/v1", attempts=1).review(inputs)


def test_the_breaker_opens_spares_everyone_the_wait_and_closes_again(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500))
    gateway = bench.gateway(attempts=3, breaker_failures=3, breaker_reset_s=60.0)
    with pytest.raises(ModelUnavailable):
        gateway.review(inputs)
    with pytest.raises(ModelUnavailable, match="circuit breaker") as away:
        gateway.review(inputs)
    assert 0 < away.value.retry_after_s <= 60
    assert len(endpoint.requests) == 3
    bench.clock.ahead += 61
    endpoint.plays(endpoint.answers([]))
    gateway.review(inputs)
    assert gateway.clients[0].breaker.state == "closed"


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
        until = time.monotonic() + 15
        while len(endpoint.requests) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        with pytest.raises(ModelUnavailable, match="circuit breaker"):
            gateway.review(inputs | {"title": "another"})
        assert len(endpoint.requests) == 2
        endpoint.released.set()
        with pytest.raises(ModelUnavailable):
            trial.result(60)


def test_calls_run_side_by_side_through_one_breaker(bench, endpoint, inputs):
    together = threading.Barrier(3, timeout=60)
    answer = endpoint.answers([])

    def meet(to, body):
        together.wait()
        answer(to, body)

    endpoint.plays(meet)
    gateway = bench.gateway()
    with ThreadPoolExecutor(3) as pool:
        assert len([*pool.map(gateway.review, [inputs | {"title": str(number)} for number in range(3)])]) == 3


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


def test_a_stand_in_that_refuses_does_not_end_what_the_first_may_answer_later(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(429, "slow", Retry_After="600"), endpoint.fails(401), endpoint.answers([]))
    with pytest.raises(ModelUnavailable, match="openai:scripted limits our rate") as away:
        bench.gateway(fallback_model="openai:second").review(inputs)
    assert away.value.retry_after_s == 600
    assert [call.outcome for call in bench.calls] == ["unavailable", "refused"]


def test_without_any_model_the_setting_is_named(bench, endpoint, inputs):
    with pytest.raises(ModelRefused, match="SEAWALL_LLM__MODEL"):
        bench.gateway(model="").review(inputs)
    assert endpoint.requests == []


def test_a_chain_is_gone_down_in_its_order_each_model_once(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(503), endpoint.fails(503), endpoint.answers([]))
    chain = "openai:second, openai:scripted,openai:third"
    answer = bench.gateway(attempts=1, fallback_model=chain).review(inputs)
    assert [request["model"] for request in endpoint.requests] == ["scripted", "second", "third"]
    assert answer.notes == ("openai:third answered in place of openai:scripted, which was away.",)


def test_a_model_whose_breaker_is_open_costs_the_chain_no_time(bench, endpoint, inputs):
    endpoint.plays(endpoint.fails(500), endpoint.answers([]))
    gateway = bench.gateway(attempts=1, breaker_failures=1, fallback_model="openai:second")
    for title in ("one", "two"):
        gateway.review(inputs | {"title": title})
    assert [request["model"] for request in endpoint.requests] == ["scripted", "second", "second"]
    assert [model.breaker for model in gateway.state.models] == ["open", "closed"]
