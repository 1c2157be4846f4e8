"""What calls under way may still cost, and what models have said already."""

import json
from datetime import datetime

import pytest

from bot.domain import Caps, Hold, Occasion, RememberedAnswer
from bot.ledger import Ledger, model_answers
from tests.ledger.records import TOKEN, a_repository

MONTH, DAY, NOW, UNTIL = "2026-11-01", "2026-11-22", "2026-11-22T10:00:00+00:00", "2026-11-22T10:05:00+00:00"
REVIEW = Occasion(review_key="r1", repository_id=71, organisation="acme", is_review=True)
SISTER = Occasion(review_key="r2", repository_id=72, organisation="ACME", is_review=True)
TIMES = {"day": DAY, "month": MONTH, "now": NOW, "until": UNTIL}


@pytest.fixture
def acme(ledger: Ledger) -> Ledger:
    ledger.keep_repository(a_repository())
    ledger.keep_repository(a_repository(id=72, name="basket"))
    ledger.keep_repository(a_repository(id=73, owner="globex", name="till"))
    return ledger


def paid(ledger: Ledger, call_id: str, cost: float, at: str = NOW, review: str = "r1", repository: int = 71) -> None:
    ledger.keep_model_call(
        call_id, review_key=review, repository_id=repository, model="m", prompt="review", prompt_version="1",
        outcome="answered", at=at, cost_usd=cost, input_tokens=100, output_tokens=20,
    )  # fmt: skip


def test_each_cap_counts_its_own(acme: Ledger) -> None:
    paid(acme, "a", 1.0)
    paid(acme, "b", 2.0, review="older", at="2026-11-22T01:00:00+00:00")
    paid(acme, "c", 4.0, review="older", at="2026-11-21T23:00:00+00:00")
    paid(acme, "d", 8.0, review="other", repository=72)
    paid(acme, "e", 16.0, review="other", repository=73)
    paid(acme, "f", 32.0, review="older", at="2026-10-31T23:00:00+00:00")
    spent = acme.model_spending(REVIEW, DAY, MONTH, NOW).paid
    assert (spent.review_usd, spent.repository_day_usd, spent.day_usd) == (1.0, 3.0, 27.0)
    assert spent.organisation_month_usd == 15.0
    assert spent.review_tokens == 120


def test_the_last_cent_is_held_once(acme: Ledger) -> None:
    caps = Caps(organisation_month_usd=1.0)
    first = acme.hold_for_model_call("c1", REVIEW, Hold(cost_usd=0.6), caps, **TIMES)
    second = acme.hold_for_model_call("c2", SISTER, Hold(cost_usd=0.6), caps, **TIMES)
    assert first.passed(caps, Hold(cost_usd=0.6)) is None
    assert second.passed(caps, Hold(cost_usd=0.6)) == "organisation-month"
    assert second.passed_for_good(caps, Hold(cost_usd=0.6)) is None
    assert acme.counts()["model_holds"] == 1


def test_a_call_may_hold_more_without_counting_twice(acme: Ledger) -> None:
    caps = Caps(day_usd=1.0)
    for amount in (0.4, 0.9):
        spending = acme.hold_for_model_call("c1", REVIEW, Hold(cost_usd=amount), caps, **TIMES)
        assert spending.held.day_usd == 0.0


def test_a_call_that_is_booked_holds_nothing_any_more(acme: Ledger) -> None:
    acme.hold_for_model_call("c1", REVIEW, Hold(cost_usd=0.9, tokens=50), Caps(day_usd=1.0), **TIMES)
    assert acme.model_spending(SISTER, DAY, MONTH, NOW).held.day_usd == 0.9
    assert acme.model_spending(REVIEW, DAY, MONTH, NOW).held.review_tokens == 50
    paid(acme, "c1", 0.1)
    spending = acme.model_spending(SISTER, DAY, MONTH, NOW)
    assert (spending.paid.day_usd, spending.held.day_usd) == (0.1, 0.0)


def test_a_worker_that_died_holds_for_no_longer_than_its_call_could_take(acme: Ledger) -> None:
    acme.hold_for_model_call("c1", REVIEW, Hold(cost_usd=0.9), Caps(), **TIMES)
    assert acme.model_spending(SISTER, DAY, MONTH, UNTIL).held.day_usd == 0.0
    acme.hold_for_model_call("c2", REVIEW, Hold(), Caps(), **TIMES | {"now": UNTIL, "until": "2026-11-22T11"})
    assert acme.counts()["model_holds"] == 1


def test_calls_for_nobodys_review_share_no_cap_of_a_review(acme: Ledger) -> None:
    paid(acme, "a", 5.0, review="")
    assert acme.model_spending(Occasion(), DAY, MONTH, NOW).paid.review_usd == 0.0


def an_answer(at: str = NOW, **what: str) -> RememberedAnswer:
    values = {"text": '{"findings": []}', "model": "m", "prompt": "review", "prompt_version": "1", "at": at}
    return RememberedAnswer(**values | what)


def test_an_answer_is_found_by_its_key_and_an_older_one_by_the_question(ledger: Ledger) -> None:
    ledger.keep_model_answer("k1", "q", an_answer(prompt_version="1"))
    ledger.keep_model_answer("k2", "q", an_answer("2026-11-22T11", prompt_version="2"))
    found = ledger.model_answer("k1", DAY)
    older = ledger.older_model_answer("q", DAY)
    assert found is not None
    assert json.loads(found.text) == {"findings": []}
    assert older is not None
    assert older.prompt_version == "2"
    assert ledger.model_answer("k1", "2026-11-23") is None
    assert ledger.older_model_answer("another", DAY) is None


def test_answers_are_bounded_in_number_and_the_oldest_go_first(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_answers, "MOST_ANSWERS", 2)
    for number in range(4):
        ledger.keep_model_answer(f"k{number}", "q", an_answer(f"2026-11-22T0{number}"))
    assert [ledger.model_answer(f"k{number}", DAY) is None for number in range(4)] == [True, True, False, False]


def test_no_secret_stays_in_an_answer_and_its_json_holds(ledger: Ledger) -> None:
    ledger.keep_model_answer("k", "q", an_answer(text=json.dumps({"findings": [{"quote": f'key = "{TOKEN}"'}]})))
    found = ledger.model_answer("k", DAY)
    assert found is not None
    assert "[secret masked]" in json.loads(found.text)["findings"][0]["quote"]
    assert TOKEN not in found.text


def test_answers_go_with_their_repository_with_age_and_with_who_is_named(acme: Ledger) -> None:
    acme.keep_model_answer("k1", "q", an_answer(), 71)
    acme.keep_model_answer("k2", "q", an_answer(text='{"text": "as mona-lisa says"}'), 72)
    acme.keep_model_answer("k3", "q", an_answer("2020-01-01"), 72)
    acme.forget(repository="acme/checkout")
    acme.forget(user="mona-lisa")
    acme.retention(keep_days=30, now=datetime.fromisoformat(NOW))
    assert acme.model_answer("k1", DAY) is None
    assert acme.counts()["model_answers"] == 1
    found = acme.model_answer("k2", DAY)
    assert found is not None
    assert "mona-lisa" not in found.text
