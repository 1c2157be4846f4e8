"""What may be spent: held before each call, counted after, and told to a review before it begins."""

from datetime import UTC, datetime

import pytest

from bot.domain import Caps, Hold, ModelCall, Occasion, Profile
from bot.errors import LedgerError, ModelRefused, ModelUnavailable
from bot.ledger import Ledger
from bot.llm import MemoryAccount, chain
from bot.llm.occasion import asking_for
from bot.llm.prices import Price
from bot.llm.purse import Purse
from bot.review.spending import LedgerAccount
from tests.ledger.records import a_repository

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PRICED = {"input_usd_per_million": 1000.0, "output_usd_per_million": 1000.0, "max_output_tokens": 100}
"""A scripted answer costs 0.12 US dollars, an estimate a little more."""
REVIEW = Occasion(review_key="7#1@a..b", repository_id=7, organisation="acme", is_review=True)
QUESTION = Occasion(review_key="7#1@a..b", repository_id=7, organisation="acme")


@pytest.fixture(params=["memory", "ledger"])
def account(request, tmp_path):
    """Both accounts keep the same promises."""
    if request.param == "memory":
        yield MemoryAccount(lambda: NOON)
        return
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.keep_repository(a_repository(id=7, owner="acme"))
        yield LedgerAccount(ledger, lambda: NOON)


def asked(bench, account, occasion=REVIEW, times=1, **caps):
    settings = {"daily_cap_usd": 0.0, **PRICED, **caps}
    gateway = bench.gateway(account, now=lambda: NOON, **settings)
    with asking_for(occasion):
        for number in range(times):
            gateway.review({"classes": "missing-timeout", "title": str(number), "code": "1 + f()"})
    return gateway


@pytest.mark.parametrize(
    ("cap", "said"),
    [
        ("daily_cap_usd", "daily cap: .* until midnight UTC, or raise llm.daily_cap_usd"),
        ("repository_daily_cap_usd", "daily cap of a repository: .* llm.repository_daily_cap_usd"),
    ],
)
def test_over_a_daily_cap_nothing_is_sent_and_it_is_said_until_when(bench, endpoint, account, cap, said):
    with pytest.raises(ModelUnavailable, match=said) as away:
        asked(bench, account, times=3, **{cap: 0.25})
    assert away.value.retry_after_s == 12 * 3600
    assert len(endpoint.requests) == 1
    assert (bench.calls[-1].attempts, bench.calls[-1].outcome) == (0, "unavailable")


@pytest.mark.parametrize(
    ("cap", "most", "said"),
    [
        ("review_cap_usd", 0.25, "for this head, or raise llm.review_cap_usd"),
        ("review_cap_tokens", 250, "120 tokens of 250 tokens for models is spent"),
        ("organisation_monthly_cap_usd", 0.25, r"rest of this month \(UTC\), or raise llm.organisation_monthly_cap"),
    ],
)
def test_a_cap_that_does_not_lift_soon_is_not_asked_again(bench, endpoint, account, cap, most, said):
    with pytest.raises(ModelRefused, match=said):
        asked(bench, account, times=3, **{cap: most})
    assert len(endpoint.requests) == 1
    assert bench.calls[-1].outcome == "refused"


def test_a_review_s_caps_bind_reviews_and_not_what_people_ask(bench, account):
    asked(bench, account, occasion=QUESTION, times=3, review_cap_usd=0.10, review_cap_tokens=1)


def test_caps_are_counted_apart(bench, account):
    asked(bench, account, times=1, repository_daily_cap_usd=0.35, review_cap_usd=0.35)
    elsewhere = Occasion(review_key="8#1@a..b", repository_id=8, organisation="globex", is_review=True)
    asked(bench, account, occasion=elsewhere, times=1, repository_daily_cap_usd=0.35, review_cap_usd=0.35)


def test_a_cap_is_met_to_the_cent_and_every_call_is_booked_once(bench, endpoint, account):
    gateway = asked(bench, account, times=2, daily_cap_usd=0.5)
    assert account.spending(REVIEW).paid.day_usd == pytest.approx(0.24)
    assert account.spending(REVIEW).held.day_usd == 0.0
    assert gateway.state.times_capped == {}
    assert len({call.id for call in bench.calls}) == 2


def test_a_call_waits_for_the_change_of_those_under_way():
    account = MemoryAccount(lambda: NOON)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 2:
            account._held.clear()

    purse = Purse(Caps(day_usd=1.0), 100, account, lambda: float(len(slept)), sleep, lambda: NOON)
    purse.hold("first", REVIEW, Hold(cost_usd=0.6), deadline=50.0)
    purse.hold("second", REVIEW, Hold(cost_usd=0.6), deadline=50.0)
    assert len(slept) == 2
    with pytest.raises(ModelUnavailable, match="daily cap"):
        purse.hold("third", REVIEW, Hold(cost_usd=0.6), deadline=len(slept) + 3.0)


def test_what_retries_have_cost_already_is_held_too(bench, endpoint, account, finding):
    endpoint.plays(endpoint.says("garbage"), endpoint.answers([]))
    with pytest.raises(ModelUnavailable, match="daily cap"):
        asked(bench, account, daily_cap_usd=0.35)
    assert len(endpoint.requests) == 1
    assert account.spending(REVIEW).paid.day_usd == pytest.approx(0.12)


def test_an_account_that_cannot_be_read_spends_nothing(bench, endpoint):
    class Broken:
        def spending(self, occasion):
            raise LedgerError("disk full")

        reserve = keep = lambda *_: Broken.spending(None, None)

    with pytest.raises(ModelUnavailable, match="disk full"):
        asked(bench, Broken(), daily_cap_usd=1.0)
    assert endpoint.requests == []
    gateway = bench.gateway(Broken(), daily_cap_usd=1.0)
    assert gateway.affordable(Profile.THOROUGH, {}).profile is Profile.THOROUGH


def test_an_account_that_cannot_be_written_is_told_of_and_does_not_cost_us_the_answer(bench, inputs, monkeypatch):
    class Full(MemoryAccount):
        def keep(self, call, occasion):
            raise LedgerError("disk full")

    told = []  # by the log itself: whatever ran before may have turned its way to caplog off
    monkeypatch.setattr(chain.log, "warning", lambda text, *values: told.append(text % values))
    assert bench.gateway(Full(lambda: NOON)).review(inputs).candidates
    assert len(bench.calls) == 1
    assert told[-1].endswith("not booked: disk full")


def test_days_and_months_begin_at_midnight_utc():
    now = [datetime(2026, 2, 27, 23, 59, tzinfo=UTC)]
    account = MemoryAccount(lambda: now[0])
    purse = Purse(
        Caps(day_usd=1.0, organisation_month_usd=1.5), 0, account, lambda: 0.0, lambda _: None, lambda: now[0]
    )

    def spend(amount):
        purse.hold("c", REVIEW, Hold(cost_usd=amount), 0.0)
        call = ModelCall(id="c", model="m", prompt="p", prompt_version="1", outcome="answered", at="", cost_usd=amount)
        account.keep(call, REVIEW)

    spend(0.9)
    with pytest.raises(ModelUnavailable, match="daily cap"):
        spend(0.2)
    now[0] = datetime(2026, 2, 28, 0, 0, tzinfo=UTC)
    spend(0.5)
    with pytest.raises(ModelRefused, match="month"):
        spend(0.2)
    now[0] = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
    spend(0.9)


TOKENS = {Profile.ECONOMY: 1_000, Profile.BALANCED: 10_000, Profile.THOROUGH: 100_000}
A_DOLLAR_A_THOUSAND = Price(input=1000.0, cached=1000.0, output=0.0)


@pytest.mark.parametrize(
    ("cap", "wanted", "left"),
    [
        (0.0, Profile.THOROUGH, Profile.THOROUGH),
        (200.0, Profile.THOROUGH, Profile.THOROUGH),
        (50.0, Profile.THOROUGH, Profile.BALANCED),
        (5.0, Profile.THOROUGH, Profile.ECONOMY),
        (0.5, Profile.THOROUGH, None),
        (50.0, Profile.ECONOMY, Profile.ECONOMY),
        (5.0, Profile.BALANCED, Profile.ECONOMY),
    ],
)
def test_caps_lower_a_profile_step_by_step(cap, wanted, left):
    purse = Purse(Caps(review_usd=cap), 100, MemoryAccount(lambda: NOON), lambda: 0.0, lambda _: None, lambda: NOON)
    afforded = purse.affordable(REVIEW, wanted, TOKENS, A_DOLLAR_A_THOUSAND)
    assert afforded.profile is left
    assert bool(afforded.reason) is (left is not wanted)


def test_the_reason_says_which_cap_what_is_spent_and_what_would_come():
    purse = Purse(Caps(day_usd=5.0), 100, MemoryAccount(lambda: NOON), lambda: 0.0, lambda _: None, lambda: NOON)
    afforded = purse.affordable(REVIEW, Profile.BALANCED, TOKENS, A_DOLLAR_A_THOUSAND)
    assert afforded.reason == (
        "daily cap leaves economy: $0.00 of $5.00 is spent, balanced may come to $10.00 (llm.daily_cap_usd)"
    )
    assert purse.times_hit == {"day": 1}


def test_without_a_price_tokens_are_what_can_be_capped():
    purse = Purse(
        Caps(review_tokens=2_000, day_usd=1.0), 500, MemoryAccount(lambda: NOON), lambda: 0.0, lambda _: None,
        lambda: NOON,
    )  # fmt: skip
    afforded = purse.affordable(REVIEW, Profile.BALANCED, TOKENS, None)
    assert afforded.profile is Profile.ECONOMY
    assert "13,000 tokens" in afforded.reason


def test_a_profile_is_judged_for_whom_it_is_asked(bench, account):
    gateway = bench.gateway(account, daily_cap_usd=0.0, review_cap_usd=0.30, now=lambda: NOON, **PRICED)
    many = dict.fromkeys(Profile, 1_000)
    assert gateway.affordable(Profile.BALANCED, many).profile is Profile.BALANCED
    with asking_for(REVIEW):
        assert gateway.affordable(Profile.BALANCED, many).profile is None
