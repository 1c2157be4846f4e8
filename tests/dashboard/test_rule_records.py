"""How often rules were right, with how sure that is."""

from bot.dashboard.rule_records import silent, total, with_precision

SPOKE = {"rule": "a/b", "said": 10, "fixed": 5, "accepted": 1, "disputed": 1, "ignored": 1, "open": 2}


def test_precision_is_of_what_was_judged_and_has_wilsons_interval() -> None:
    row = with_precision(SPOKE)
    assert (row["judged"], row["precision"]) == (8, 0.75)
    assert (row["low"], row["high"]) == (0.4093, 0.9285)  # E. B. Wilson's score interval of 6 in 8
    assert row["interval"] == "41% – 93%"


def test_what_nobody_judged_has_no_precision() -> None:
    row = with_precision(dict.fromkeys(SPOKE, 0) | {"said": 2, "open": 2})
    assert (row["precision"], row["low"], row["high"], row["interval"]) == (None, None, None, "")


def test_all_rules_together_are_the_sum() -> None:
    assert total([SPOKE, SPOKE])["said"] == 20
    assert total([])["precision"] is None


def test_a_rule_that_spoke_is_not_silent() -> None:
    assert [row["rule"] for row in silent(["a/b", "c/d"], [SPOKE])] == ["c/d"]
