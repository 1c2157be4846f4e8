"""What an answer names is looked up: made-up names, paths and lines are found, and what stands there is not."""

import pytest

from bot.review.references import Ground, paths_named, strangers

CODE = """\
### shop/pay.py (modified)
 1   class Gateway:
 2 +     def charge(self, order, timeout=3):
 3 +         return self._session.post(URL, json=order.total, timeout=timeout)
"""
GROUND = Ground((CODE, "what of `amount_due`?"), {"shop/pay.py": 3, "shop/old.py": None})


@pytest.mark.parametrize(
    "words",
    [
        "`charge` waits three seconds (`shop/pay.py:2`).",
        "`Gateway.charge` calls `self._session.post`, and `charge()` gives what it gives.",
        "`self._session.post(URL, json=order.total,  timeout=timeout)` is bounded.",
        "The author speaks of `amount_due`.",
        "See shop/pay.py:3 and `pay.py`, also `shop/pay.py:1-3`.",
        "`shop/old.py:400` is there, as far as anybody knows.",
        "It gives `None` on 503, or `true`; a `GET` would do; `x` too.",
        "Write instead:\n\n```python\nretry_all(order)\n```\n",
        "asyncio.TimeoutError stands without backticks, and so does e.g. this; and/or that.",
        "https://example.com/a/b.html:12 is none of the code's places.",
    ],
)
def test_what_stands_in_the_code_is_no_stranger(words: str) -> None:
    assert strangers(words, GROUND) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("`charge_all` does it.", ["charge_all"]),
        ("`Gateway.refund()` does it, and again `Gateway.refund()`.", ["Gateway.refund()"]),
        ("`return retry(order)` on line 3.", ["return retry(order)"]),
        ("`shop/refunds.py` holds it.", ["shop/refunds.py"]),
        ("`shop/pay.py:30` holds it.", ["shop/pay.py:30"]),
        ("It is in shop/refunds.py:7, not in shop/pay.py:2-9.", ["shop/refunds.py:7", "shop/pay.py:2-9"]),
    ],
)
def test_what_does_not_is_found(words: str, found: list[str]) -> None:
    assert strangers(words, GROUND) == found


def test_no_more_are_told_than_anybody_reads() -> None:
    assert len(strangers(" ".join(f"`made_up_{number}`" for number in range(40)), GROUND)) == 6


def test_the_paths_that_are_worth_looking_for() -> None:
    assert paths_named("`a/b.py:3`, c/d.go:1-2 and `e.py`, `f()`") == ["a/b.py", "c/d.go"]
