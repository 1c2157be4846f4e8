"""What the record teaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Severity
from bot.domain.tally import Tally, wilson
from bot.review.learning import record_of, should_mute


@pytest.mark.parametrize(
    ("heeded", "judged", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_agrees_with_published_values(heeded: int, judged: int, low: float, high: float) -> None:
    assert wilson(heeded, judged) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_stays_between_0_and_1(heeded: int, rest: int) -> None:
    low, high = wilson(heeded, heeded + rest)
    assert 0 <= low <= (heeded / (heeded + rest) if heeded + rest else 0.5) <= high <= 1


def test_a_rule_that_everybody_objects_to_is_muted_and_a_critical_one_is_not() -> None:
    record = record_of("log-hygiene/secret-logged", Tally(posted=20, disputed=18, ignored=2))
    assert should_mute(record, Severity.MEDIUM, floor=0.2)
    assert not should_mute(record, Severity.CRITICAL, floor=0.2)


def test_a_handful_of_objections_mutes_nothing() -> None:
    assert not should_mute(record_of("a/b", Tally(posted=4, disputed=4)), Severity.LOW, floor=0.9)


def test_a_good_record_elsewhere_keeps_a_rule_alive_for_a_while() -> None:
    here = Tally(posted=16, disputed=16)
    alone, with_prior = record_of("a/b", here), record_of("a/b", here, Tally(posted=300, fixed=270, disputed=30))
    assert should_mute(alone, Severity.LOW, floor=0.25)
    assert not should_mute(with_prior, Severity.LOW, floor=0.25)
    assert with_prior.precision == alone.precision == 0.0


def test_a_long_record_elsewhere_weighs_no_more_than_ten_cases() -> None:
    here = Tally(posted=60, disputed=60)
    assert should_mute(record_of("a/b", here, Tally(posted=9000, fixed=9000)), Severity.LOW, floor=0.3)


def test_nothing_judged_has_no_precision_and_the_widest_interval() -> None:
    record = record_of("a/b", Tally(posted=3))
    assert (record.precision, record.low, record.high) == (None, 0.0, 1.0)
