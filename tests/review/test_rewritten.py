"""A rewritten function is shown as it is and as it was; one that was touched, with what is gone in its place."""

import pytest

from bot.domain import Profile
from bot.review.context import pack
from bot.review.excerpt import ScopeSpan, ShownLine
from bot.review.rewritten import is_hard_to_follow
from bot.review.verify import verify
from tests.review.test_context import change_of
from tests.review.test_verify import a_candidate

BEFORE = """\
def charge(order, client):
    key = order.key()
    total = 0
    for row in order.rows:
        total += row.price * row.count
    reply = client.post("/charges", total, key)
    order.reply = reply
    if reply.status == 409:
        return order.earlier
    return reply


def refund(order):
    return order.back()
"""
AFTER = """\
def charge(order, client):
    rows = order.rows
    total = sum(row.price * row.count for row in rows)
    for attempt in range(3):
        reply = client.post("/charges", total)
        if reply.ok:
            break
    order.reply = reply
    return reply


def refund(order):
    return order.back()
"""
WAS = """\
### pay.py (charge as it was, to compare, never to quote)
   def charge(order, client):
 -     key = order.key()
 -     total = 0
 -     for row in order.rows:
 -         total += row.price * row.count
 -     reply = client.post("/charges", total, key)
       order.reply = reply
 -     if reply.status == 409:
 -         return order.earlier
       return reply"""


def scope_of(path: str, line: int) -> ScopeSpan | None:
    return ScopeSpan("charge", 1, 9) if line <= 9 else ScopeSpan("refund", 12, 13) if line >= 12 else None


def packed(before: str, after: str, profile: Profile = Profile.BALANCED, budget: int = 24_000):
    return pack(*change_of(("pay.py", before, after)), budget_tokens=budget, scope_of=scope_of, profile=profile)


@pytest.mark.parametrize("profile", [Profile.BALANCED, Profile.THOROUGH])
def test_a_rewritten_function_is_shown_as_it_is_and_then_as_it_was(profile):
    (question,) = packed(BEFORE, AFTER, profile).questions
    now, then = question.inputs["code"].split("\n\n### pay.py (charge")
    assert f"### pay.py (charge{then}" == WAS
    assert [line[5:] for line in now.split("\n")[1:]] == AFTER.split("\n")[:-1]
    assert " - " not in now.split("\n", 1)[1].replace(" 2 + ", "")


def test_economy_is_shown_what_is_gone_in_its_place():
    (question,) = packed(BEFORE, AFTER, Profile.ECONOMY).questions
    assert "as it was" not in question.inputs["code"]
    assert "   -     key = order.key()" in question.inputs["code"]


def test_a_function_that_was_touched_is_shown_once():
    (question,) = packed(BEFORE, BEFORE.replace("409", "410").replace("total = 0", "total = 0.0")).questions
    assert "as it was" not in question.inputs["code"]


def test_a_function_that_is_new_is_shown_once():
    (question,) = packed("", AFTER).questions
    assert "as it was" not in question.inputs["code"]


def test_what_there_is_no_room_to_show_twice_is_named_and_what_is_gone_stands_in_its_place():
    roomy = next(budget for budget in range(2_000, 9_000, 20) if packed(BEFORE, AFTER, budget=budget).questions)
    tight = packed(BEFORE, AFTER, budget=roomy)
    assert "-     key = order.key()" in tight.questions[0].inputs["code"]
    assert tight.notes == ("Of the code around the change, the model was not shown: charge as it was (pay.py:1).",)
    assert packed(BEFORE, AFTER).notes == ()


def test_a_line_of_the_text_before_proves_nothing():
    change, contents = change_of(("pay.py", BEFORE, AFTER))
    gone = a_candidate(path="pay.py", quote="    key = order.key()", start_line=2, end_line=2)
    stands = a_candidate(path="pay.py", quote='reply = client.post("/charges", total)', start_line=5, end_line=5)
    kept, dropped = verify([gone, stands], change, contents, scope_of)
    assert [finding.start_line for finding in kept] == [5]
    assert [one.reason for one in dropped] == ["quote-mismatch"]


def shown(text: str) -> list[ShownLine]:
    return [ShownLine(None, line[0], line[2:]) for line in text.split("\n")]


MOVED = "- first of all\n- second of all\n- third of all\n  k\n+   third of all\n+ first of all\n+ second of all"


@pytest.mark.parametrize(
    ("lines", "is_hard"),
    [
        ("  a\n- b\n+ c\n  d", False),
        ("- a\n- b\n- c\n- d\n- e\n- f\n+ x\n+ y", False),
        ("- a\n- b\n- c\n+ x\n  k\n- d\n- e\n- f\n+ y\n  k", True),
        ("\n".join(f"- a{n}\n+ b{n}\n  k" for n in range(4)) + "\n  k" * 30, True),
        ("\n".join(f"- a{n}\n+ b{n}\n  k" for n in range(3)) + "\n  k" * 30, False),
        (MOVED, True),
        ("+ a\n+ b", False),
    ],
    ids=["one line", "one block for another", "two blocks", "four places", "three places", "moved", "new"],
)  # fmt: skip
def test_by_what_measure(lines, is_hard):
    assert is_hard_to_follow(shown(lines)) is is_hard
