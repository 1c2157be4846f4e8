"""The life of a finding: what one push after another makes of it. Never a wrong `fixed`, never a second comment."""

from tests.review.lives import Life, Said, claim

BASE = """import requests


def charge(order):
    return 1


def refund(order):
    return 2
"""
HEAD = """import requests


def charge(order):
    reply = requests.post(order.url, json=order.body)
    return reply.json()


def refund(order):
    reply = requests.post(order.bank, json=order.sum)
    return reply.json()
"""
CHARGE = "reply = requests.post(order.url, json=order.body)"
REFUND = "reply = requests.post(order.bank, json=order.sum)"
MENDED = "reply = requests.post(order.url, json=order.body, timeout=3)"


def opened(head=HEAD, base=BASE, path="pay.py", **more):
    life = Life({path: base}, **more)
    life.push({path: head})
    return life


def test_what_is_new_is_said_once():
    life = opened()
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    life.push({"pay.py": HEAD})
    assert len(life.said) == 2
    assert life.fixed == []


def test_a_fix_is_seen_and_the_rest_stands():
    life = opened()
    life.push({"pay.py": HEAD.replace(CHARGE, MENDED)})
    assert life.states() == {CHARGE: "fixed", REFUND: "open"}
    assert len(life.fixed) == 1
    assert len(life.said) == 2
    assert [finding.evidence.strip() for finding in life.last.findings] == [REFUND]


def test_lines_that_shift_change_nothing():
    life = opened()
    shifted = '"""Payments."""\n\n' + HEAD.replace("import requests", "import os\nimport requests\n\nURL = os.environ['U']")
    for context in (0, 1, 3, 50):
        life.push({"pay.py": shifted}, context=context)
    assert life.states() == {CHARGE: "open", REFUND: "open"}
    assert len(life.said) == 2
