"""What is kept comes back, and keeping it twice changes nothing."""

from typing import Any

import pytest

from bot.domain import Coverage, Posted
from bot.errors import LedgerError
from bot.ledger import Ledger
from tests.ledger.records import a_delivery, a_finding, a_pull_request, a_repository, a_review, a_run


def test_a_receipt_comes_back_as_it_went_in(ledger: Ledger) -> None:
    run = a_run()
    ledger.keep_review(**run)
    assert ledger.receipt_for(71, 12, "b" * 40, "a" * 40) == run["review"].receipt
    assert ledger.receipt_for_head(71, "a" * 40) == run["review"].receipt


def test_another_base_or_head_or_repository_has_no_receipt(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    assert ledger.receipt_for(71, 12, "c" * 40, "a" * 40) is None
    assert ledger.receipt_for(71, 13, "b" * 40, "a" * 40) is None
    assert ledger.receipt_for_head(72, "a" * 40) is None


def test_the_receipt_of_the_latest_generation_counts(ledger: Ledger) -> None:
    ledger.keep_review(**a_run(review=a_review(coverage=Coverage.DEGRADED)))
    ledger.keep_review(**a_run(generation=2, finished_at="2026-11-20T10:00:00+00:00"))
    receipt = ledger.receipt_for(71, 12, "b" * 40, "a" * 40)
    assert receipt is not None
    assert receipt.coverage is Coverage.FULL
    assert ledger.counts()["reviews"] == 2


def test_a_point_is_said_when_inline_or_listed_but_not_when_held_back(ledger: Ledger) -> None:
    ledger.keep_review(**a_run(said={"f1": "inline", "f2": "held"}))
    assert ledger.said(71, 12) == {"f1"}
    assert ledger.said(71, 13) == set()
    ledger.keep_review(**a_run(generation=2, said={"f2": "listed"}))
    assert ledger.said(71, 12) == {"f1", "f2"}


def test_a_finding_nobody_spoke_of_counts_as_held_back(ledger: Ledger) -> None:
    ledger.keep_review(**a_run(said={}))
    assert ledger.said(71, 12) == set()


def test_every_write_can_be_repeated(ledger: Ledger) -> None:
    def write() -> dict[str, int]:
        ledger.keep_delivery(a_delivery())
        ledger.keep_repository(a_repository())
        ledger.keep_pull_request(a_pull_request())
        ledger.keep_event(71, 12, "opened", "2026-11-20T09:00:00Z", "mona", {"base": "main"})
        ledger.keep_review(**a_run())
        ledger.keep_model_call("c1", **a_call())
        return ledger.counts()

    once = write()
    assert write() == once
    assert {table: count for table, count in once.items() if count} == {
        "repositories": 1,
        "pull_requests": 1,
        "deliveries": 1,
        "events": 1,
        "reviews": 1,
        "findings": 2,
        "dropped": 2,
        "comments": 1,
        "model_calls": 1,
    }


def test_a_run_kept_again_with_other_findings_holds_only_those(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_review(**a_run(review=a_review(a_finding("f2")), said={"f2": "inline"}, posted=None))
    assert [row["fingerprint"] for row in ledger.ask("findings-of-review", review_id=a_run()["key"] + "~1")] == ["f2"]


def test_a_repeated_write_without_the_answer_keeps_the_answer(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_review(**a_run(posted=None))
    assert ledger.recent_reviews(1)[0]["url"] == "https://github.com/acme/checkout/pull/12#r4001"


def test_recent_reviews_are_newest_first_and_no_more_than_asked_for(ledger: Ledger) -> None:
    for generation in (1, 2, 3):
        ledger.keep_review(**a_run(generation=generation, finished_at=f"2026-11-20T09:0{generation}:00+00:00"))
    shown = ledger.recent_reviews(2)
    assert [row["id"][-2:] for row in shown] == ["~3", "~2"]
    assert (shown[0]["repository"], shown[0]["number"], shown[0]["title"]) == ("acme/checkout", 12, "Retry payments")


def test_a_pull_request_is_brought_up_to_date(ledger: Ledger) -> None:
    ledger.keep_pull_request(a_pull_request())
    ledger.keep_pull_request(a_pull_request(title="Retry payments twice", is_open=False))
    ledger.keep_review(**a_run())  # was given the older title
    assert ledger.counts()["pull_requests"] == 1
    assert ledger.recent_reviews(1)[0]["title"] == "Retry payments twice"


def test_a_review_of_an_announced_head_is_the_first_only_once(ledger: Ledger) -> None:
    pull_request = a_pull_request()
    ledger.keep_pull_request(pull_request)
    assert ledger.begin_review(pull_request, "2026-11-20T09:00:00Z")
    assert not ledger.begin_review(pull_request, "2026-11-20T09:00:01Z")
    assert not ledger.begin_review(pull_request.model_copy(update={"base_sha": "9" * 40}), "2026-11-20T09:00:02Z")


def test_a_head_that_nobody_announced_may_have_been_reviewed_before_this_record_began(ledger: Ledger) -> None:
    pull_request = a_pull_request()
    assert not ledger.begin_review(pull_request, "2026-11-20T09:00:00Z")
    ledger.keep_pull_request(pull_request)
    assert not ledger.begin_review(pull_request, "2026-11-20T09:00:01Z"), "that one may have shown a check"
    assert ledger.begin_review(pull_request.model_copy(update={"number": 99}), "2026-11-20T09:00:00Z") is False


def test_repositories_are_renamed_removed_and_taken_back(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_repository(a_repository(id=72, name="basket"))
    ledger.rename_repository(a_repository(name="till", owner="emca"))
    ledger.rename_repository(a_repository(id=99, name="somebody-elses"))
    assert [known.full_name for known in ledger.known_repositories()] == ["acme/basket", "emca/till"]
    ledger.remove_repository(71)
    ledger.remove_repository(71)
    assert [known.id for known in ledger.known_repositories()] == [72]
    ledger.keep_repository(a_repository())
    assert [known.id for known in ledger.known_repositories()] == [72, 71]


def test_an_installation_that_goes_takes_its_repositories_along(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_repository(a_repository(id=72, name="basket"))
    ledger.keep_repository(a_repository(id=73, name="other", installation_id=6))
    ledger.remove_installation(5)
    assert [known.id for known in ledger.known_repositories()] == [73]


def test_an_old_delivery_sent_again_brings_no_removed_repository_and_no_old_name_back(ledger: Ledger) -> None:
    ledger.keep_delivery(a_delivery())
    ledger.rename_repository(a_repository(name="till"))
    ledger.keep_delivery(a_delivery())
    assert [known.full_name for known in ledger.known_repositories()] == ["acme/till"]
    ledger.remove_repository(71)
    ledger.keep_delivery(a_delivery())
    assert ledger.known_repositories() == []


def test_spending_counts_from_a_moment_and_passes_over_unknown_prices(ledger: Ledger) -> None:
    ledger.keep_model_call("c1", **a_call(at="2026-11-19T23:59:59+00:00", cost_usd=5.0))
    ledger.keep_model_call("c2", **a_call(at="2026-11-20T00:00:00+00:00", cost_usd=0.25))
    ledger.keep_model_call("c3", **a_call(at="2026-11-20T08:00:00+00:00", cost_usd=0.5))
    ledger.keep_model_call("c4", **a_call(at="2026-11-20T09:00:00+00:00", cost_usd=None))
    assert ledger.spent_usd_since("2026-11-20T00:00:00+00:00") == 0.75
    assert ledger.spent_usd_since("2026-11-21T00:00:00+00:00") == 0


def test_an_event_of_an_unknown_repository_is_refused_with_a_reason(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="FOREIGN KEY"):
        ledger.keep_event(404, 1, "opened", "2026-11-20T09:00:00Z")


def test_words_of_a_finding_are_found(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    assert len(ledger.ask("search-findings", words="stuck peer", limit=10)) == 2
    assert ledger.ask("search-findings", words="zebra", limit=10) == []


def test_a_query_nobody_wrote_is_named(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no query named recent-revues"):
        ledger.ask("recent-revues")


def test_posting_again_under_a_new_id_keeps_both_comments(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_review(**a_run(generation=2, posted=Posted(review_id=4002, comment_ids={"f2": 9002})))
    assert ledger.counts()["comments"] == 2


def a_call(**other: Any) -> dict[str, Any]:
    values = {
        "review_key": "71#12@bb..aa",
        "repository_id": 71,
        "model": "openai:gpt-5-mini",
        "prompt": "review",
        "prompt_version": "3",
        "input_tokens": 900,
        "output_tokens": 80,
        "cost_usd": 0.02,
        "latency_s": 0.5,
        "attempts": 2,
        "outcome": "answered",
        "at": "2026-11-20T09:00:03+00:00",
    }
    return values | other
