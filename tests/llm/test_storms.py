"""Whole reviews while the model is ill: the receipt tells the truth each time, and nothing is paid twice."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain import Coverage, ModelCall, ModelUse, Occasion, plain_step
from bot.ledger import Ledger
from bot.llm import MemoryAccount
from bot.llm.chain import REMEMBERED
from bot.llm.occasion import asking_for
from bot.review.desks import Desks, guard_of
from bot.review.pipeline import examine, reason
from bot.review.spending import LedgerAnswers
from bot.settings import load_settings
from bot.source import TwoTrees

BASE = "import requests\n\n\ndef charge(order):\n    return requests.post(order.url, json=order.body, timeout=5)\n"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REVIEW = Occasion(review_key="7#1@a..b", repository_id=7, organisation="acme", is_review=True)
PRICED = {"input_usd_per_million": 1.0, "output_usd_per_million": 1.0, "max_output_tokens": 1000}


@pytest.fixture(scope="module")
def guard():
    with guard_of(load_settings({}).reading, processes=1) as guard:
        yield guard


@pytest.fixture
def trees(tmp_path):
    for side, text in (("before", BASE), ("after", BASE.replace(", timeout=5", ""))):
        (tmp_path / side).mkdir()
        (tmp_path / side / "pay.py").write_text(text)
    return TwoTrees(tmp_path / "before", tmp_path / "after")


@pytest.fixture
def reviewed(bench, guard, trees):
    """A whole review of a change that drops a timeout; the rules alone find that."""

    def review(profile="economy", **options):
        llm = {"max_wait_s": 5.0, "is_shipped": True, **options}
        gateway = bench.gateway(**llm)
        desks = Desks(
            load_settings({}, llm={"model": "openai:scripted", "profile": profile}), guard, gateway, lambda: NOW
        )
        desk = desks.lay(trees)

        def ask(questions):
            return [reason(desk, question).to_json() for question in questions]

        with asking_for(REVIEW):
            found = examine(desk, plain_step, ask)
        assert [finding.rule for finding in found.findings] == ["missing-timeout/http-or-socket-call"]
        return found

    return review


def is_degraded(review, because):
    receipt = review.receipt
    assert receipt.coverage is Coverage.DEGRADED
    assert because in receipt.model_missing_because
    assert because in receipt.reason
    return True


def test_a_healthy_model_makes_it_full(reviewed, endpoint):
    endpoint.plays(endpoint.answers([]))
    receipt = reviewed(**PRICED).receipt
    assert (receipt.coverage, receipt.model_missing_because) == (Coverage.FULL, "")
    assert (receipt.tokens.input_tokens, len(endpoint.requests)) == (100, 1)
    assert receipt.cost_usd == pytest.approx(120e-6)


def test_a_storm_of_limits(reviewed, endpoint, bench):
    endpoint.plays(endpoint.fails(429, "slow down", Retry_After="2"))
    assert is_degraded(reviewed(profile="balanced"), "limits our rate")
    assert len(endpoint.requests) <= 2 + 3
    assert all(2.0 <= slept <= 2.2 for slept in bench.slept)
    assert sum(call.use.input_tokens for call in bench.calls) == 0


def test_a_slow_drip(reviewed, endpoint):
    endpoint.plays(endpoint.dribbles(0.02))
    assert is_degraded(reviewed(timeout_s=1.5), "did not answer in time")
    assert len(endpoint.requests) == 1


def test_a_stall_of_ten_minutes_is_left_after_the_time_of_a_call(reviewed, endpoint, bench):
    endpoint.plays(endpoint.hangs())
    began = bench.clock()
    assert is_degraded(reviewed(timeout_s=1.5), "did not answer in time")
    assert len(endpoint.requests) == 1
    assert bench.clock() - began < 30


def test_a_call_never_outlives_its_review(reviewed, endpoint, bench, monkeypatch):
    endpoint.plays(endpoint.hangs())
    soon = REVIEW.model_copy(update={"deadline": bench.clock() + 0.5})
    monkeypatch.setitem(globals(), "REVIEW", soon)
    assert is_degraded(reviewed(profile="balanced", timeout_s=600.0), "time")
    assert len(endpoint.requests) <= 1
    assert bench.calls == [] or bench.calls[0].latency_s < 30


@pytest.mark.parametrize(
    "bad", ['{"findings": [{"qu', "", "All good!", '{"issues": []}', '{"findings": [{"note": 1}]}']
)
def test_what_is_no_answer_is_sent_back_once_and_then_told(reviewed, endpoint, bench, bad):
    endpoint.plays(endpoint.says(bad))
    assert is_degraded(reviewed(), "not the JSON asked for")
    assert len(endpoint.requests) == 2
    assert [(call.outcome, call.use.input_tokens) for call in bench.calls] == [("malformed", 200)]


def test_what_is_repaired_is_a_full_answer_and_both_are_paid(reviewed, endpoint):
    endpoint.plays(endpoint.says("{}"), endpoint.answers([]))
    receipt = reviewed().receipt
    assert receipt.coverage is Coverage.FULL
    assert receipt.tokens.input_tokens == 200
    assert "lacks `findings`" in endpoint.requests[1]["messages"][1]["content"]


def test_of_a_torn_answer_what_is_lost_is_counted(reviewed, endpoint, finding):
    whole = json.dumps({"findings": [finding, finding]})
    endpoint.plays(endpoint.says(whole[: len(whole) - 40], finish="length"))
    review = reviewed()
    assert "malformed" in [dropped.reason for dropped in review.dropped]
    assert len(endpoint.requests) == 1


def test_a_switch_of_the_model_in_mid_review_is_said(reviewed, endpoint):
    endpoint.plays(endpoint.answers([]), endpoint.fails(500), endpoint.answers([]))
    receipt = reviewed(profile="balanced", attempts=1, fallback_model="openai:second").receipt
    assert receipt.coverage is Coverage.FULL
    assert [request["model"] for request in endpoint.requests] == ["scripted", "scripted", "second"]
    assert "openai:second answered in place of openai:scripted, which was away." in receipt.notes


def test_money_that_runs_out_in_mid_review_is_said_and_the_first_answer_is_kept(reviewed, endpoint, bench):
    account = MemoryAccount(lambda: NOW)
    answer = endpoint.answers([])

    def elsewhere_all_is_spent(to, body):
        call = ModelCall(model="m", prompt="p", prompt_version="1", outcome="answered", at="", cost_usd=50.0)
        account.keep(call, Occasion(repository_id=8))
        answer(to, body)

    endpoint.plays(elsewhere_all_is_spent)
    review = reviewed(profile="balanced", account=account, now=lambda: NOW, daily_cap_usd=20.0, **PRICED)
    assert is_degraded(review, "daily cap: $50.00 of $20.00")
    assert len(endpoint.requests) == 1
    assert review.receipt.tokens.input_tokens == 100


def test_near_a_cap_a_cheaper_profile_reads_and_the_receipt_says_so(reviewed, endpoint):
    endpoint.plays(endpoint.answers([]))
    caps = {"review_cap_usd": 0.02, **PRICED, "max_output_tokens": 100}
    receipt = reviewed(profile="thorough", **caps).receipt
    assert receipt.coverage is Coverage.FULL
    (note,) = (note for note in receipt.notes if "instead of thorough" in note)
    assert "llm.review_cap_usd" in note


def test_with_no_money_left_the_rules_speak_alone_and_nothing_is_sent(reviewed, endpoint):
    review = reviewed(review_cap_usd=0.000001, **PRICED)
    assert is_degraded(review, "llm.review_cap_usd")
    assert endpoint.requests == []


def test_a_review_that_is_run_again_after_a_crash_pays_nothing_twice(reviewed, endpoint, bench, tmp_path):
    endpoint.plays(endpoint.answers([]))
    with Ledger(tmp_path / "ledger.db") as ledger:
        record = LedgerAnswers(ledger, 24.0, lambda: NOW)
        first = reviewed(profile="balanced", record=record, now=lambda: NOW)
        sent = len(endpoint.requests)
        again = reviewed(profile="balanced", record=record, now=lambda: NOW)
    assert len(endpoint.requests) == sent == 2
    assert again.receipt.coverage is first.receipt.coverage is Coverage.FULL
    assert again.receipt.tokens == ModelUse()
    assert again.receipt.notes.count(REMEMBERED) == 1
    assert REMEMBERED not in first.receipt.notes
