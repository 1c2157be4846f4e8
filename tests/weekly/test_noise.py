"""What is noise and what is a change: against published examples and what must hold of any numbers."""

import math
from statistics import quantiles

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.weekly.noise import (
    difference_interval,
    mean_interval,
    means_differ,
    part_interval,
    quantile,
    quantile_interval,
    rate_interval,
)  # fmt: skip
from bot.weekly.sample import Absent, Amount, Count, Mean, Quantile, Share

QUICKLY = settings(max_examples=40, deadline=None)
numbers = st.lists(st.floats(0, 1e6), min_size=2, max_size=60)


def test_newcombes_own_example() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table II, example (a), method 10
    low, high = difference_interval(56, 70, 48, 80)
    assert (low, high) == (pytest.approx(0.0524, abs=0.0001), pytest.approx(0.3339, abs=0.0001))


# Ranks as in tables of the binomial distribution for the median.
@pytest.mark.parametrize(("n", "ranks"), [(6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (25, (8, 18)), (100, (40, 61))])
def test_the_interval_of_a_median_lies_between_two_of_the_values(n: int, ranks: tuple[int, int]) -> None:
    assert quantile_interval(range(1, n + 1), 0.5) == ranks


def test_five_values_are_too_few_for_an_interval_of_the_median() -> None:
    assert quantile_interval([1, 2, 3, 4, 5], 0.5) is None


def test_a_high_percentile_needs_more_values_for_its_upper_bound() -> None:
    assert quantile_interval(range(30), 0.9) is None
    assert quantile_interval(range(36), 0.9) is not None


def test_thousands_of_values_have_an_interval_too() -> None:
    low, high = quantile_interval(range(5000), 0.5) or (0, 0)
    assert low < 2500 < high < low + 160


def test_the_score_interval_of_a_poisson_mean() -> None:
    assert rate_interval(10) == (pytest.approx(5.43, abs=0.01), pytest.approx(18.41, abs=0.01))
    assert rate_interval(0)[0] == 0
    assert rate_interval(40, weeks=4)[0] == pytest.approx(rate_interval(40)[0] / 4)


@given(numbers)
@QUICKLY
def test_quartiles_are_those_of_the_standard_library(values: list[float]) -> None:
    ordered = sorted(values)
    told = [quantile(ordered, at) for at in (0.25, 0.5, 0.75)]
    assert told == pytest.approx(quantiles(ordered, n=4, method="inclusive"), rel=1e-9, abs=1e-9)


@given(numbers, st.sampled_from([0.5, 0.75, 0.9]))
@QUICKLY
def test_a_quantile_lies_within_its_interval(values: list[float], at: float) -> None:
    ordered = sorted(values)
    if interval := quantile_interval(ordered, at):
        assert interval[0] <= quantile(ordered, at) <= interval[1]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
@QUICKLY
def test_the_interval_of_a_difference_turns_round_with_its_sides(a: int, b: int, more: int, most: int) -> None:
    low, high = difference_interval(a, a + more, b, b + most)
    turned = difference_interval(b, b + most, a, a + more)
    assert low <= a / (a + more) - b / (b + most) <= high
    assert turned == (pytest.approx(-high), pytest.approx(-low))


@given(numbers)
@QUICKLY
def test_nothing_differs_from_itself(values: list[float]) -> None:
    many = values * 10
    for sample in (Quantile(many), Share(len(values), len(many)), Mean(many)):
        assert sample.against(sample) in ("no clear change", "not enough")
    assert Count(len(values)).against(Count(4 * len(values), 4)) in ("no clear change", "not enough")


def test_medians_differ_where_their_intervals_do_not_touch() -> None:
    low, high = Quantile(range(20)), Quantile(range(100, 120))
    assert high.against(low) == "higher"
    assert low.against(high) == "lower"
    assert low.against(Quantile(range(5, 25))) == "no clear change"
    assert low.against(Quantile([100, 101, 102, 103, 104])) == "not enough"


def test_a_count_differs_where_its_part_of_five_weeks_is_more_than_a_fifth() -> None:
    assert part_interval(20, 40)[0] > 0.2
    assert Count(20).against(Count(40, 4)) == "higher"
    assert Count(0).against(Count(40, 4)) == "lower"
    assert Count(12).against(Count(40, 4)) == "no clear change"
    assert Count(12).against(Count(10, 1)) == "no clear change"
    assert Count(1).against(Count(3, 4)) == "not enough"


def test_shares_differ_where_the_interval_of_their_difference_leaves_out_zero() -> None:
    assert Share(56, 70).against(Share(48, 80)) == "higher"
    assert Share(5, 9).against(Share(48, 80)) == "no clear change"
    assert Share(4, 4).against(Share(0, 80)) == "not enough"


def test_means_need_ten_values_and_differ_beyond_their_errors() -> None:
    assert mean_interval([1.0] * 9) is None
    assert mean_interval([2.0] * 10) == (2, 2)
    assert not means_differ([0, 1] * 5, [0, 1] * 6)
    assert Mean([5, 6] * 5).against(Mean([0, 1] * 5)) == "higher"
    assert Mean([0, 1] * 5).against(Mean([5, 6] * 5)) == "lower"
    assert Mean([5, 6] * 4).against(Mean([0, 1] * 5)) == "not enough"


def test_sums_and_what_is_absent_are_never_called_changed() -> None:
    assert Amount(9, 9).against(Amount(1, 1)) == "not enough"
    assert Absent("not measured").against(Count(9)) == "not enough"
    assert Count(9).against(Absent("not measured")) == "not enough"


@pytest.mark.parametrize(("at", "least"), [(0.5, 5), (0.75, 5), (0.9, 10)])
def test_a_quantile_of_few_values_is_not_told(at: float, least: int) -> None:
    few, enough = Quantile(range(least - 1), at), Quantile(range(least), at)
    assert few.value is None
    assert few.why == f"too few: {least - 1} of at least {least}"
    assert enough.value == pytest.approx((least - 1) * at)
    assert not math.isnan(enough.value)
